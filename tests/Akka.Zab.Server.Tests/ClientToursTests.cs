using System.Diagnostics;

namespace Akka.Zab.Server.Tests;

/// <summary>Clients that know nothing of Akka: kazoo and zkCli.sh.</summary>
[Collection("processes")]
public class ClientToursTests
{
    const string Python = "/usr/bin/python3";
    const string Kazoo = "/usr/lib/python3/dist-packages/kazoo/client.py";
    const string ZkCli = "/usr/share/zookeeper/bin/zkCli.sh";

    const string KazooTour = """
        import sys, threading
        from kazoo.client import KazooClient
        from kazoo.exceptions import NodeExistsError, NoNodeError, BadVersionError, NotEmptyError, InvalidACLError
        from kazoo.exceptions import NoAuthError
        from kazoo.security import make_acl, make_digest_acl
        from kazoo.recipe.watchers import DataWatch, ChildrenWatch

        def raises(kind, call, *arguments, **named):
            try: call(*arguments, **named)
            except kind: return
            raise AssertionError("%s was not raised" % kind)

        zk = KazooClient(hosts=sys.argv[1], timeout=10); zk.start()
        assert zk.command(b"ruok") == "imok"
        zk.ensure_path("/tour/deep")
        assert zk.create("/tour/a", b"1") == "/tour/a"
        assert zk.create("/tour/a2", b"1", include_data=True)[1].version == 0
        raises(NodeExistsError, zk.create, "/tour/a", b"1")
        raises(NoNodeError, zk.create, "/tour/no/where", b"1")
        raises(NotEmptyError, zk.delete, "/tour")
        data, stat = zk.get("/tour/a"); assert data == b"1" and stat.version == 0 and stat.dataLength == 1
        assert zk.set("/tour/a", b"22").version == 1
        raises(BadVersionError, zk.set, "/tour/a", b"x", version=7)
        assert zk.exists("/tour/none") is None
        assert sorted(zk.get_children("/tour")) == ["a", "a2", "deep"]
        children, stat = zk.get_children("/tour", include_data=True); assert stat.numChildren == 3
        assert zk.create("/tour/s-", sequence=True) == "/tour/s-0000000003"
        assert zk.create("/tour/e", ephemeral=True) and zk.exists("/tour/e").ephemeralOwner == zk.client_id[0]
        assert zk.sync("/tour") == "/tour"
        assert zk.create("/tour/null", b"") and zk.get("/tour/null")[0] == b""

        t = zk.transaction()
        t.create("/tour/t", b"t"); t.check("/tour/a", 1); t.set_data("/tour/a", b"3"); t.delete("/tour/a2")
        result = t.commit(); assert result[0] == "/tour/t" and result[2].version == 2 and result[3] is True, result
        t = zk.transaction(); t.create("/tour/u"); t.delete("/tour/none"); t.set_data("/tour/a", b"9")
        result = t.commit(); assert isinstance(result[1], NoNodeError), result
        assert zk.exists("/tour/u") is None and zk.get("/tour/a")[0] == b"3"

        other = KazooClient(hosts=sys.argv[1], timeout=10); other.start()
        heard, done = [], threading.Event()
        def on(event): heard.append((event.type, event.path)); done.set()
        zk.get("/tour/a", watch=on); other.sync("/tour"); other.set("/tour/a", b"4")
        assert done.wait(10) and heard == [("CHANGED", "/tour/a")], heard
        done.clear(); zk.exists("/tour/later", watch=on); other.create("/tour/later")
        assert done.wait(10) and heard[-1] == ("CREATED", "/tour/later"), heard
        done.clear(); zk.get_children("/tour", watch=on); other.delete("/tour/later")
        assert done.wait(10) and heard[-1] == ("CHILD", "/tour"), heard

        lock = zk.Lock("/tour/lock", "me")
        with lock: assert lock.contenders() == ["me"]
        counter = zk.Counter("/tour/counter"); counter += 5; assert counter.value == 5
        zk.add_auth("digest", "bob:secret")
        bobs = make_digest_acl("bob", "secret", all=True)
        zk.create("/tour/mine", b"m", acl=[bobs])
        other.sync("/tour")
        raises(NoAuthError, other.get, "/tour/mine"); raises(NoAuthError, other.exists, "/tour/mine")
        raises(NoAuthError, other.set, "/tour/mine", b"x"); raises(NoAuthError, other.create, "/tour/mine/c")
        raises(NoAuthError, other.get_acls, "/tour/mine")
        assert zk.get_acls("/tour/mine")[0] == [bobs]
        assert zk.set_acls("/tour/mine", [bobs, make_acl("world", "anyone", read=True)]).aversion == 1
        other.sync("/tour"); assert other.get("/tour/mine")[0] == b"m" and other.get_acls("/tour/mine")[0][0].id.id == "bob:x"
        raises(BadVersionError, zk.set_acls, "/tour/mine", [bobs], version=0)
        raises(InvalidACLError, other.set_acls, "/tour/a", [make_acl("auth", "", all=True)])
        raises(InvalidACLError, zk.create, "/tour/bad", acl=[make_acl("ip", "nowhere", all=True)])
        zk.create("/tour/here", acl=[make_acl("ip", "127.0.0.0/8", all=True)])
        other.sync("/tour"); assert other.get("/tour/here")
        zk.stop(); zk.close()
        other.sync("/tour"); assert other.exists("/tour/e") is None
        other.delete("/tour", recursive=True); assert not other.exists("/tour")
        other.stop(); print("tour done")
        """;

    [ToolFact(Python, Kazoo)]
    public async Task Kazoo_tours_the_ensemble()
    {
        await using var ensemble = await DevFixture.StartAsync();
        var (exitCode, output) = await RunAsync(Python, null, "-c", KazooTour, ensemble.Hosts);
        Assert.True(exitCode == 0 && output.Contains("tour done"), output);
    }

    [ToolFact(ZkCli)]
    public async Task ZkCli_tours_the_ensemble()
    {
        await using var ensemble = await DevFixture.StartAsync();
        const string commands = """
            create /cli first
            create -e /cli/e ephemeral
            create -s /cli/s- sequential
            set /cli second
            get -s /cli
            ls /cli
            ls -s /cli
            stat /cli/e
            get -w /cli
            set /cli third
            sync /cli
            delete /cli/s-0000000001
            delete /cli
            deleteall /cli
            create -c /box
            delete /box
            addWatch -m PERSISTENT_RECURSIVE /tree
            create /tree
            create /tree/a
            create -e /tree/a/e
            getAllChildrenNumber /tree
            getEphemerals /tree
            removewatches /tree -a
            addauth digest bob:pw
            whoami
            setAcl /tree auth::cdrwa
            getAcl -s /tree
            ls -R /tree
            deleteall /tree
            ls /
            quit

            """;
        var (exitCode, output) = await RunAsync(ZkCli, commands, "-server", ensemble.Hosts);
        Assert.Equal(0, exitCode);
        foreach (var expected in (string[])[
            "Created /cli\n", "Created /cli/e\n", "Created /cli/s-0000000001\n",
            "second", "dataVersion = 1", "[e, s-0000000001]", "numChildren = 2",
            "NodeDataChanged path:/cli",
            "Created /box\n", "type:NodeCreated path:/tree/a/e", "[/tree/a/e]", "digest: bob", "'digest,'bob:ikIaKsbtGweaHnb/jKn7OHqbunM=",
            ": cdrwa", "aclVersion = 1", "/tree/a/e\n",
            "Sync is OK", "Node not empty: /cli", "[zookeeper]"])
            Assert.True(output.Contains(expected), $"\"{expected}\" is missing in:\n{output}");
    }

    internal static async Task<(int ExitCode, string Output)> RunAsync(
        string program, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }
}
