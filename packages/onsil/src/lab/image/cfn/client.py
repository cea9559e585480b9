"""Asks CloudFormation as the helper scripts of AWS do: an instance is known by its identity document."""
import base64
import json
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree

METADATA = 'http://169.254.169.254/latest'


class Failure(Exception):
    """Told in one line; the program ends with 1."""


def instance_metadata(path):
    token = urllib.request.Request(
        METADATA + '/api/token', method='PUT', headers={'X-aws-ec2-metadata-token-ttl-seconds': '300'}
    )
    with urllib.request.urlopen(token, timeout=10) as answer:
        headers = {'X-aws-ec2-metadata-token': answer.read().decode()}
    request = urllib.request.Request(METADATA + path, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def call(action, parameters, region=None, url=None):
    """The answer's XML without namespaces. Raises Failure with CloudFormation's own words."""
    region = region or instance_metadata('/meta-data/placement/region')
    document = instance_metadata('/dynamic/instance-identity/document')
    signature = instance_metadata('/dynamic/instance-identity/signature').replace('\n', '')
    scheme = base64.b64encode(document.encode()).decode() + ':' + signature
    body = urllib.parse.urlencode({'Action': action, 'Version': '2010-05-15', **parameters})
    request = urllib.request.Request(
        url or 'https://cloudformation.%s.amazonaws.com/' % region,
        data=body.encode(),
        headers={
            'Authorization': 'CFN_V1 ' + scheme,
            'Content-Type': 'application/x-www-form-urlencoded',
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return parsed(answer.read())
    except urllib.error.HTTPError as error:
        told = parsed(error.read())
        code, message = told.findtext('.//Code'), told.findtext('.//Message')
        raise Failure('%s: %s' % (code, message)) from error
    except urllib.error.URLError as error:
        raise Failure('CloudFormation cannot be asked: %s' % error.reason) from error


def parsed(text):
    root = ElementTree.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.split('}')[-1]
    return root


def resource_metadata(stack, resource, region=None, url=None):
    answer = call(
        'DescribeStackResource', {'StackName': stack, 'LogicalResourceId': resource}, region, url
    )
    return json.loads(answer.findtext('.//Metadata') or '{}')
