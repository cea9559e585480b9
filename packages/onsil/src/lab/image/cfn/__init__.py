"""CloudFormation's helper scripts, as far as templates use them."""
