"""cfn-hup: runs its hooks when the metadata changes; a stack here keeps its metadata while it runs."""
import argparse
import time

from .program import say


def main():
    parser = argparse.ArgumentParser(prog='cfn-hup')
    parser.add_argument('-c', '--config')
    parser.add_argument('-f', '--no-daemon', action='store_true')
    parser.add_argument('-v', '--verbose', action='store_true')
    given = parser.parse_args()
    say('cfn-hup: started; hooks do not run in a lab')
    while given.no_daemon:
        time.sleep(3600)
    return 0
