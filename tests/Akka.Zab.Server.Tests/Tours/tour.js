// node-zookeeper-client: sessions, data, watches, transactions, ACLs, and a server that dies.
'use strict';
const assert = require('assert');
const readline = require('readline');
const zookeeper = require(process.argv[3]);

const { CreateMode, Exception, ACL, Permission, Id } = zookeeper;
const answers = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Its calls take callbacks; with a promise for each, what follows reads in its order. */
function connect(hosts) {
  const client = zookeeper.createClient(hosts, { sessionTimeout: 10000, retries: 0, spinDelay: 20 });
  const zk = { client, states: new Queue() };
  for (const name of ['create', 'remove', 'exists', 'getChildren', 'getData', 'setData', 'getACL', 'setACL', 'mkdirp'])
    zk[name] = (...args) => new Promise((done, fail) =>
      client[name](...args, (error, ...results) => (error ? fail(error) : done(results))));
  client.on('state', (state) => zk.states.put(state.name));
  client.connect();
  return zk.states.expect('SYNC_CONNECTED').then(() => zk);
}

class Queue {
  #items = [];
  #waiting = [];

  put(item) {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#items.push(item);
  }

  take() {
    return this.#items.length > 0 ? this.#items.shift() : new Promise((done) => this.#waiting.push(done));
  }

  async expect(item) {
    assert.strictEqual(await this.take(), item);
  }
}

async function fails(code, promise) {
  await assert.rejects(promise, (error) => error.getCode && error.getCode() === code);
}

/** Until it is done: where the server that was killed led, the others serve nobody for a moment. */
async function surely(call) {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!error.getCode || error.getCode() !== Exception.CONNECTION_LOSS) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

const portOf = (zk) => zk.client.connectionManager.socket.remotePort;

async function data(zk) {
  assert.deepStrictEqual(await zk.create('/node', Buffer.from('root')), ['/node']);
  await zk.create('/node/a', Buffer.from('1'));
  await fails(Exception.NODE_EXISTS, zk.create('/node/a'));
  await fails(Exception.NO_NODE, zk.create('/node/no/where'));
  assert.deepStrictEqual(await zk.create('/node/s-', CreateMode.PERSISTENT_SEQUENTIAL), ['/node/s-0000000001']);
  await zk.create('/node/e', CreateMode.EPHEMERAL);
  await fails(Exception.NO_CHILDREN_FOR_EPHEMERALS, zk.create('/node/e/x'));
  const [value, stat] = await zk.getData('/node/a');
  assert.strictEqual(value.toString(), '1');
  assert.strictEqual(stat.version, 0);
  assert.strictEqual((await zk.setData('/node/a', Buffer.from('22'), 0))[0].version, 1);
  await fails(Exception.BAD_VERSION, zk.setData('/node/a', Buffer.from('3'), 0));
  const [names, parent] = await zk.getChildren('/node');
  assert.deepStrictEqual(names.sort(), ['a', 'e', 's-0000000001']);
  assert.strictEqual(parent.numChildren, 3);
  assert.strictEqual((await zk.exists('/node/none'))[0], null);
  const owner = (await zk.exists('/node/e'))[0].ephemeralOwner;
  assert.deepStrictEqual(owner, zk.client.getSessionId());
  await fails(Exception.NOT_EMPTY, zk.remove('/node'));
  await fails(Exception.BAD_VERSION, zk.remove('/node/s-0000000001', 4));
  await zk.remove('/node/s-0000000001', 0);
  await zk.mkdirp('/node/x/y/z');
}

async function transactions(zk) {
  const commit = (build) => new Promise((done, fail) =>
    build(zk.client.transaction()).commit((error, results) => (error ? fail(error) : done(results))));
  const results = await commit((t) => t.check('/node/a', 1).create('/node/t', Buffer.from('t')).setData('/node/a', Buffer.from('3'))
    .remove('/node/x/y/z'));
  assert.strictEqual(results[1].path, '/node/t');
  assert.strictEqual(results[2].stat.version, 2);
  await fails(Exception.NO_NODE, commit((t) => t.remove('/node/t').remove('/node/none')));
  assert.notStrictEqual((await zk.exists('/node/t'))[0], null);
}

async function watches(zk, other) {
  const events = new Queue();
  const on = (event) => events.put(`${event.getName()} ${event.getPath()}`);
  await zk.getData('/node/a', on);
  await other.setData('/node/a', Buffer.from('4'));
  await events.expect('NODE_DATA_CHANGED /node/a');
  await zk.exists('/node/later', on);
  await other.create('/node/later');
  await events.expect('NODE_CREATED /node/later');
  await zk.getChildren('/node', on);
  await zk.exists('/node/later', on);
  await other.remove('/node/later');
  await events.expect('NODE_DELETED /node/later');
  await events.expect('NODE_CHILDREN_CHANGED /node');
}

/** It has no sync, but a write of its own comes after all that others have done, on its server too. */
async function catchUp(zk) {
  await zk.create('/node/now');
  await zk.remove('/node/now');
}

async function acls(zk, other) {
  zk.client.addAuthInfo('digest', Buffer.from('bob:pw'));
  await zk.create('/node/mine', Buffer.from('m'), ACL.CREATOR_ALL_ACL);
  await catchUp(other);
  await fails(Exception.NO_AUTH, other.getData('/node/mine'));
  const [[entry]] = await zk.getACL('/node/mine');
  assert.strictEqual(entry.id.id, 'bob:ikIaKsbtGweaHnb/jKn7OHqbunM=');
  assert.strictEqual(entry.permission, Permission.ALL);
  await fails(Exception.BAD_VERSION, zk.setACL('/node/mine', ACL.OPEN_ACL_UNSAFE, 7));
  await zk.setACL('/node/mine', [entry, new ACL(Permission.READ, Id.ANYONE_ID_UNSAFE)], 0);
  await catchUp(other);
  assert.strictEqual((await other.getData('/node/mine'))[0].toString(), 'm');
  await fails(Exception.NO_AUTH, other.setData('/node/mine', Buffer.from('x')));
}

async function reconnect(zk, hosts) {
  const port = portOf(zk);
  let witness;
  for (witness = await connect(hosts); portOf(witness) === port; witness = await connect(hosts)) witness.client.close();
  const events = new Queue();
  const on = (event) => events.put(`${event.getName()} ${event.getPath()}`);
  const session = zk.client.getSessionId();
  await zk.getData('/node/a', on);
  await zk.exists('/node/missed', on);
  console.log(`kill ${port}`);
  assert.strictEqual((await answers.next()).value, 'killed');
  await zk.states.expect('DISCONNECTED');
  await surely(() => witness.mkdirp('/node/missed'));
  await zk.states.expect('SYNC_CONNECTED');
  assert.notStrictEqual(portOf(zk), port);
  assert.deepStrictEqual(zk.client.getSessionId(), session);
  await events.expect('NODE_CREATED /node/missed');
  assert.deepStrictEqual((await surely(() => witness.exists('/node/e')))[0].ephemeralOwner, session);
  await surely(() => witness.setData('/node/a', Buffer.from('5')));
  await events.expect('NODE_DATA_CHANGED /node/a');
  await zk.setData('/node/mine', Buffer.from('n')); // it has proved again who it is
  witness.client.close();
}

async function tour(hosts) {
  const zk = await connect(hosts);
  const other = await connect(hosts);
  await data(zk);
  await transactions(zk);
  await watches(zk, other);
  await acls(zk, other);
  await reconnect(zk, hosts);
  const gone = new Queue();
  await surely(() => other.exists('/node/e', (event) => gone.put(event.getName())));
  zk.client.close();
  await gone.expect('NODE_DELETED');
  for (const path of ['/x/y', '/x', '/a', '/t', '/mine', '/missed', '']) await other.remove(`/node${path}`);
  other.client.close();
  console.log('tour done');
  process.exit(0);
}

setTimeout(() => { throw new Error('The tour takes too long.'); }, 60000).unref();
tour(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
