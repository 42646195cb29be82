"""kazoo's recipes, each between three clients, and a server that dies under them."""
import sys
import threading
from datetime import timedelta

from kazoo.client import KazooClient
from kazoo.exceptions import LockTimeout
from kazoo.protocol.states import KazooState
from kazoo.recipe.cache import TreeCache, TreeEvent
from kazoo.recipe.lease import NonBlockingLease

PATIENCE = 30
HOSTS = sys.argv[1]


class Heard:
    """What came, in its order."""

    def __init__(self):
        self.items, self.more = [], threading.Condition()

    def put(self, item):
        with self.more:
            self.items.append(item)
            self.more.notify_all()

    def take(self):
        with self.more:
            assert self.more.wait_for(lambda: self.items, PATIENCE), "nothing came"
            return self.items.pop(0)


def connect():
    zk = KazooClient(hosts=HOSTS, timeout=10)
    zk.start(PATIENCE)
    return zk


def together(clients, task):
    """Does it with each client at the same time."""
    failures = []

    def run(zk, number):
        try:
            task(zk, number)
        except BaseException as e:  # the thread would only print it
            failures.append(e)

    threads = [threading.Thread(target=run, args=(zk, i)) for i, zk in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def locks(clients):
    inside, total = [], []

    def critical(zk, number):
        for _ in range(10):
            with zk.Lock("/k/lock", str(number)):
                inside.append(number)
                assert inside == [number], inside
                total.append(number)
                inside.remove(number)

    together(clients, critical)
    assert len(total) == 10 * len(clients)
    first, second = (zk.Lock("/k/lock2") for zk in clients[:2])
    first.acquire()
    assert not second.acquire(blocking=False)
    try:
        second.acquire(timeout=0.05)
        raise AssertionError("two have the lock")
    except LockTimeout:
        pass
    first.release()
    assert second.acquire(timeout=PATIENCE)
    second.release()

    readers = [zk.ReadLock("/k/rw") for zk in clients[:2]]
    for reader in readers:
        assert reader.acquire(timeout=PATIENCE)
    writer = clients[2].WriteLock("/k/rw")
    assert not writer.acquire(blocking=False)
    for reader in readers:
        reader.release()
    assert writer.acquire(timeout=PATIENCE)
    writer.release()

    semaphores = [zk.Semaphore("/k/semaphore", max_leases=2) for zk in clients]
    assert semaphores[0].acquire() and semaphores[1].acquire()
    assert not semaphores[2].acquire(blocking=False)
    assert len(semaphores[0].lease_holders()) == 2
    semaphores[0].release()
    assert semaphores[2].acquire(timeout=PATIENCE)
    semaphores[1].release()
    semaphores[2].release()

    assert NonBlockingLease(clients[0], "/k/lease", timedelta(seconds=60), identifier="a")
    assert not NonBlockingLease(clients[1], "/k/lease", timedelta(seconds=60), identifier="b")


def elections(clients):
    led = Heard()

    def candidate(zk, number):
        zk.Election("/k/election", str(number)).run(led.put, number)

    together(clients, candidate)
    assert sorted(led.take() for _ in clients) == [0, 1, 2]


def barriers(clients):
    barrier = clients[0].Barrier("/k/barrier")
    barrier.create()
    assert not clients[1].Barrier("/k/barrier").wait(0.05)
    passed = Heard()
    thread = threading.Thread(target=lambda: passed.put(clients[1].Barrier("/k/barrier").wait(PATIENCE)))
    thread.start()
    barrier.remove()
    assert passed.take()
    thread.join()

    entered = []

    def both(zk, number):
        double = zk.DoubleBarrier("/k/double", num_clients=len(clients), identifier=str(number))
        entered.append(number)
        double.enter()
        assert len(entered) == len(clients), entered
        double.leave()

    together(clients, both)


def counters(clients):
    def count(zk, number):
        counter = zk.Counter("/k/counter")
        for _ in range(10):
            counter += 1

    together(clients, count)
    assert clients[0].Counter("/k/counter").value == 10 * len(clients)


def queues(clients):
    queue = clients[0].Queue("/k/queue")
    for i in range(5):
        queue.put(b"%d" % i, priority=100 - i)
    assert len(queue) == 5
    assert [clients[1].Queue("/k/queue").get() for _ in range(6)] == [b"4", b"3", b"2", b"1", b"0", None]

    locking = clients[0].LockingQueue("/k/locking")
    locking.put_all([b"a", b"b"])
    other = clients[1].LockingQueue("/k/locking")
    assert locking.get(PATIENCE) == b"a" and other.get(PATIENCE) == b"b"
    assert locking.consume() and other.consume() and len(locking) == 0


def parties(clients):
    members = [zk.Party("/k/party", str(i)) for i, zk in enumerate(clients)]
    for member in members:
        member.join()
    clients[0].sync("/k/party")
    assert sorted(members[0]) == ["0", "1", "2"]
    members[1].leave()
    clients[0].sync("/k/party")
    assert sorted(members[0]) == ["0", "2"]

    shares, both = [], threading.Barrier(2)

    def share(zk, number):
        partitioner = zk.SetPartitioner("/k/shares", set=tuple(range(6)), time_boundary=0.2, identifier=str(number))
        while not partitioner.acquired:
            assert not partitioner.failed
            if partitioner.release:
                partitioner.release_set()
            else:
                partitioner.wait_for_acquire(1)
        shares.append(set(partitioner))
        both.wait(PATIENCE)
        partitioner.finish()

    together(clients[:2], share)
    assert sorted(len(part) for part in shares) == [3, 3] and set.union(*shares) == set(range(6)), shares


def watchers(clients):
    zk, other = clients[:2]
    zk.ensure_path("/k/watched")
    data, children = Heard(), Heard()
    zk.DataWatch("/k/watched", lambda value, stat: data.put(value))
    zk.ChildrenWatch("/k/watched", lambda names: children.put(sorted(names)))
    assert data.take() == b"" and children.take() == []
    for i in range(3):
        other.set("/k/watched", b"%d" % i)
        assert data.take() == b"%d" % i
        other.create("/k/watched/%d" % i)
        assert children.take() == [str(n) for n in range(i + 1)]

    events = Heard()
    cache = TreeCache(zk, "/k/cached")
    cache.listen(lambda event: events.put((event.event_type, event.event_data and event.event_data.path)))
    cache.start()
    assert events.take() == (TreeEvent.NODE_ADDED, "/k/cached")
    assert events.take() == (TreeEvent.INITIALIZED, None)
    other.create("/k/cached/a", b"1")
    assert events.take() == (TreeEvent.NODE_ADDED, "/k/cached/a")
    other.set("/k/cached/a", b"2")
    assert events.take() == (TreeEvent.NODE_UPDATED, "/k/cached/a")
    other.delete("/k/cached/a")
    assert events.take() == (TreeEvent.NODE_REMOVED, "/k/cached/a")
    cache.close()


def port_of(zk):
    return zk._connection._socket.getpeername()[1]


def reconnect(clients):
    """The server of the one that has the lock is killed; it keeps its session, its lock and its watches."""
    zk = clients[0]
    port = port_of(zk)
    witness = next((each for each in clients[1:] if port_of(each) != port), None)
    while witness is None:
        candidate = connect()
        clients.append(candidate)
        witness = candidate if port_of(candidate) != port else None
    states, data = Heard(), Heard()
    zk.add_listener(lambda state: states.put(state))
    lock = zk.Lock("/k/kept", "zk")
    lock.acquire()
    zk.ensure_path("/k/told")
    zk.DataWatch("/k/told", lambda value, stat: data.put(value))
    assert data.take() == b""
    session = zk.client_id[0]
    print("kill %d" % port, flush=True)
    assert sys.stdin.readline() == "killed\n"
    assert states.take() == KazooState.SUSPENDED
    assert states.take() == KazooState.CONNECTED
    assert port_of(zk) != port and zk.client_id[0] == session
    assert witness.retry(lambda: witness.Lock("/k/kept", "other").acquire(blocking=False)) is False
    witness.retry(witness.set, "/k/told", b"now")
    value = data.take()
    while value != b"now":
        value = data.take()
    lock.release()
    assert witness.Lock("/k/kept", "other").acquire(timeout=PATIENCE)


clients = [connect() for _ in range(3)]
clients[0].ensure_path("/k")
clients[0].ensure_path("/k/cached")
for client in clients:
    client.sync("/k")
for part in (locks, elections, barriers, counters, queues, parties, watchers, reconnect):
    part(clients)
for client in clients:
    client.stop()
    client.close()
print("tour done")
