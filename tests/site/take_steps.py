"""python take_steps.py STEPS: let a host take steps, and print what became of each, as JSON.

Without STEPS they are read from the input, a line for each host, and answered line by line.
"""

import json
import sys

from lessonkit.site.host import Host


def take(host, told, kind, name, what):
    told.clear()
    result = host.run(name, what) if kind == "run" else host.receive(name, what, [])
    models = host.models if kind == "run" else {}
    messages = [message[:3] for message in told]
    return {"result": result, "models": models, "told": messages}


def main():
    for steps in sys.argv[1:] or sys.stdin:
        told = []
        host = Host(lambda *message, told=told: told.append(message))
        taken = [take(host, told, *step) for step in json.loads(steps)]
        print(json.dumps(taken, default=str), flush=True)


if __name__ == "__main__":
    main()
