signal SUCCESS "$HOST is set up" "${data:-}"
printf '%s\n' "$REVISION" >"$STAMP"
say "$HOST is set up"
