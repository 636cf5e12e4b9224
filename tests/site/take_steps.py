"""python take_steps.py STEPS: let a host take steps, and print what became of each, as JSON."""

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
    told = []
    host = Host(lambda *message: told.append(message))
    taken = [take(host, told, *step) for step in json.loads(sys.argv[1])]
    print(json.dumps(taken, default=str))


if __name__ == "__main__":
    main()
