"""kazoo with sasl_options, at a server that demands that clients log in."""
import socket
import sys
import threading

from kazoo.client import KazooClient, KazooState
from kazoo.exceptions import InvalidACLError, NoAuthError
from kazoo.security import make_acl

HOSTS = sys.argv[1]


def connect(user, password):
    options = {"mechanism": "DIGEST-MD5", "username": user, "password": password}
    client = KazooClient(hosts=HOSTS, timeout=10, sasl_options=options)
    client.start(timeout=30)
    return client


def raises(kind, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kind:
        return
    raise AssertionError("%s was not raised" % kind)


bob = connect("bob", "secret")
bob.create("/kazoo", b"1", acl=[make_acl("auth", "", all=True)])
assert bob.get_acls("/kazoo")[0] == [make_acl("sasl", "bob", all=True)]
bob.create("/kazoo-alice", b"1", acl=[make_acl("sasl", "alice", all=True)])
raises(NoAuthError, bob.set, "/kazoo-alice", b"2")
raises(InvalidACLError, bob.create, "/none", acl=[make_acl("sasl", "a@b@c", all=True)])

alice = connect("alice", "geheim")
assert alice.set("/kazoo-alice", b"2").version == 1
raises(NoAuthError, alice.get, "/kazoo")
root = connect("root", "toor")
assert root.set("/kazoo", b"2").version == 1

# It logs in again by itself.
lost, back = threading.Event(), threading.Event()


def listen(state):
    if state == KazooState.SUSPENDED:
        lost.set()
    elif state == KazooState.CONNECTED and lost.is_set():
        back.set()


bob.create("/kazoo/e", ephemeral=True)
bob.add_listener(listen)
bob._connection._socket.shutdown(socket.SHUT_RDWR)
assert lost.wait(30) and back.wait(30)
assert bob.retry(bob.exists, "/kazoo/e").ephemeralOwner == bob.client_id[0]

# Who has the wrong password, or logs in not at all, gets nowhere.
for options in ({"mechanism": "DIGEST-MD5", "username": "bob", "password": "wrong"}, None):
    refused = KazooClient(hosts=HOSTS, timeout=10, sasl_options=options)
    refused.start_async()
    raises(Exception, refused.create_async("/none").get, timeout=5)
    assert bob.exists("/none") is None
    refused.stop()

for client in (bob, alice, root):
    client.stop()
print("tour done")
