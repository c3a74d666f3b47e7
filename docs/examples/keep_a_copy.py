"""Keep an exact copy of every public record, with its figures, by the log of changes alone.

    python keep_a_copy.py https://example.org copy.json

The first run reads everything, each later one what has changed since; nothing but Python is needed. In the copy
stands, by its address, what the API says of each record. What was withdrawn or removed leaves it.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


def get(address, serial=0):
    """The answer at an address, no older than the serial; None where nothing is public."""
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if int(answer.headers["Serial"]) >= serial:
                    return json.load(answer)
            time.sleep(0.5)  # a cache on the way was a moment behind
        except urllib.error.HTTPError as error:
            if error.code in (400, 404, 410):  # 400: a list of what belongs to a record that is public no longer
                return None
            if error.code != 429:
                raise
            time.sleep(int(error.headers["Retry-After"]))


def entries(address, serial=0):
    """All entries of a list."""
    address += f"{'&' if '?' in address else '?'}cursor=*&page_size=100"
    while address:
        page = get(address, serial)
        yield from page["results"] if page else []
        address = page and page["meta"]["next"]


def bring_up_to_date(copy, site):
    """Read what has changed since the copy's serial. A copy begins as `{"serial": 0, "records": {}}`."""
    records, serial, stale = copy["records"], copy["serial"], set()
    for change in entries(f"{site}/api/v1/changes/?since={copy['serial']}"):
        serial = change["serial"]
        for former in change["formerly"]:
            records.pop(former, None)
        if change["record"]:
            stale.add(change["record"]["api_address"])
        if change["named_by"] and copy["serial"]:  # its name stands there too; to begin with, all are read anyhow
            stale.update(record["api_address"] for record in entries(change["named_by"], serial))
    for address in stale:
        record = get(address, serial)
        records.pop(address, None)
        if record and not record["withdrawn_notice"]:
            record["figures"] = list(entries(record["figures"]["address"], serial))
            records[address] = record
    copy["serial"] = serial


if __name__ == "__main__":
    site, file = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    copy = json.loads(file.read_text()) if file.exists() else {"serial": 0, "records": {}}
    bring_up_to_date(copy, site)
    file.write_text(json.dumps(copy, ensure_ascii=False, indent=1))
    print(f"{len(copy['records'])} records, exact as of serial {copy['serial']}")
