"""kazoo against a server whose two companions are gone: it reads only, until one of them is back."""
import sys
import threading

from kazoo.client import KazooClient, KeeperState
from kazoo.exceptions import NotReadOnlyCallError


def raises(kind, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kind:
        return
    raise AssertionError("%s was not raised" % kind)


states, full, fired = [], threading.Event(), threading.Event()
zk = KazooClient(hosts=sys.argv[1], timeout=10, read_only=True)


def on_state(state):
    states.append(state)
    if zk.client_state == KeeperState.CONNECTED:
        full.set()


zk.add_listener(on_state)
zk.start(timeout=60)
assert zk.client_state == KeeperState.CONNECTED_RO, zk.client_state
assert zk.get("/tour")[0] == b"here"
assert zk.get_children("/") == ["tour", "zookeeper"]
assert zk.exists("/nothing") is None
zk.get("/tour", watch=lambda event: fired.set())
raises(NotReadOnlyCallError, zk.create, "/mine")
raises(NotReadOnlyCallError, zk.create, "/mine", ephemeral=True)
raises(NotReadOnlyCallError, zk.set, "/tour", b"changed")
raises(NotReadOnlyCallError, zk.delete, "/tour")
raises(NotReadOnlyCallError, zk.sync, "/")
transaction = zk.transaction()
transaction.create("/mine")
raises(NotReadOnlyCallError, transaction.commit)
assert zk.get("/tour")[0] == b"here"

print("revive", flush=True)
assert full.wait(60), states
zk.retry(zk.create, "/mine", ephemeral=True)
assert zk.retry(zk.exists, "/mine").ephemeralOwner == zk.client_id[0]
zk.retry(zk.set, "/tour", b"changed")
assert zk.retry(zk.get, "/tour")[0] == b"changed"
zk.retry(zk.delete, "/mine")
zk.retry(zk.set, "/tour", b"here")
zk.stop()
print("tour done", flush=True)
