"""Find a Java that can run Apache Kafka."""

import os
import re
import subprocess

from deploy.local.checks import find_program
from deploy.local.errors import MissingProgram

OLDEST = 17  # Apache Kafka 4 brokers
INSTALL = "apt-get install openjdk-17-jre-headless, or use --broker embedded"


def java() -> str:
    """Return the path of the program, JAVA_HOME's first; raises `MissingProgram` when none is new enough."""
    home = os.environ.get("JAVA_HOME")
    program = find_program(f"{home}/bin/java" if home else "java", INSTALL)
    answer = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    if major(answer) < OLDEST:
        raise MissingProgram(f"Java {OLDEST} or newer ({program} is older)", INSTALL)
    return program


def major(answer: str) -> int:
    """Read the major version out of what `java -version` says; 0 when it says none."""
    found = re.search(r'version "(\d+)', answer)
    return int(found[1]) if found else 0
