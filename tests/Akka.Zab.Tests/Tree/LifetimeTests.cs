using Akka.Zab.Client;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Tree;

/// <summary>ZOOKEEPER-PROTOCOL.md, section 6: containers and znodes with a time to live.</summary>
public class LifetimeTests
{
    private const long MaxNeverUsed = 300_000;

    private readonly Edits edits = new();

    [Fact]
    public void A_container_is_due_when_its_last_child_is_gone_or_none_ever_came()
    {
        edits.Create("/c", CreateMode.Container);
        var created = edits.StatOf("/c").CreatedTime;
        Assert.Equal(0, edits.StatOf("/c").EphemeralOwner);
        Assert.Empty(Due(created + MaxNeverUsed));
        Assert.Equal(["/c"], Due(created + MaxNeverUsed + 1));

        Assert.IsType<CreatedReply>(edits.Create("/c/child", CreateMode.Ephemeral));
        Assert.Empty(Due(created + (2 * MaxNeverUsed)));
        edits.Ask(new Delete("/c/child"));
        Assert.Equal(["/c"], Due(created));
    }

    [Fact]
    public void A_time_to_live_begins_anew_when_the_data_is_set_and_not_when_a_child_comes_or_goes()
    {
        Assert.IsType<CreatedReply>(CreateTtl("/t", 1000));
        var created = edits.StatOf("/t").CreatedTime;
        Assert.Equal(0, edits.StatOf("/t").EphemeralOwner);
        Assert.Empty(Due(created + 1000));
        Assert.Equal(["/t"], Due(created + 1001));

        edits.Create("/t/child");
        Assert.Empty(Due(created + 5000));
        edits.Ask(new Delete("/t/child"));
        Assert.Equal(["/t"], Due(created + 1001));

        edits.Ask(new SetData("/t", [1]));
        Assert.Empty(Due(edits.StatOf("/t").ModifiedTime + 1000));
        Assert.Equal(["/t"], Due(edits.StatOf("/t").ModifiedTime + 1001));
        edits.Ask(new SetAcl("/t", [new Acl(Permissions.Read, "world", "anyone")]));
        Assert.Equal(["/t"], Due(edits.StatOf("/t").ModifiedTime + 1001));
        edits.Ask(new Delete("/t"));
        Assert.Empty(Due(long.MaxValue));
        Assert.Equal(0, edits.Tree.State.WithLifetime.Count);
    }

    [Fact]
    public void What_is_due_is_judged_again_when_it_is_to_be_deleted()
    {
        edits.Create("/c", CreateMode.Container);
        edits.Create("/plain");
        Assert.Equal(ZabError.NoNode, edits.Fail(new Reap("/c", MaxNeverUsed), session: 0));
        Assert.Equal(ZabError.NoNode, edits.Fail(new Reap("/plain", 0), session: 0));
        Assert.Equal(ZabError.NoNode, edits.Fail(new Reap("/none", 0), session: 0));
        edits.Create("/c/child");
        Assert.Equal(ZabError.NoNode, edits.Fail(new Reap("/c", 0), session: 0));
        edits.Ask(new Delete("/c/child"));
        Assert.IsType<DoneReply>(edits.Ask(new Reap("/c", MaxNeverUsed), session: 0));
        Assert.False(edits.Tree.TryGet("/c", out _));
    }

    [Theory]
    [InlineData(CreateMode.PersistentWithTtl, 0, ZabError.BadArguments)]
    [InlineData(CreateMode.PersistentWithTtl, -1, ZabError.BadArguments)]
    [InlineData(CreateMode.PersistentWithTtl, 1, ZabError.Ok)]
    [InlineData(CreateMode.PersistentSequentialWithTtl, (1L << 40) - 1, ZabError.Ok)]
    [InlineData(CreateMode.PersistentSequentialWithTtl, 1L << 40, ZabError.BadArguments)]
    [InlineData(CreateMode.Persistent, 1, ZabError.BadArguments)]
    [InlineData(CreateMode.Container, 1, ZabError.BadArguments)]
    public void Mode_and_time_to_live_must_go_together(CreateMode mode, long ttl, ZabError expected)
    {
        var create = new Create("/x", null, Acl.Open, mode) { TimeToLiveMs = ttl };
        var prepared = Prepare(create, ttl: true);
        Assert.Equal(expected, prepared.Answer is ErrorReply error ? error.Error : ZabError.Ok);
        if (mode.HasTimeToLive())
            Assert.Equal(new ErrorReply(ZabError.Unimplemented), Prepare(create, ttl: false).Answer);
    }

    [Fact]
    public void Lifetimes_survive_in_snapshots_and_batches()
    {
        edits.Create("/a");
        edits.Create("/a/c", CreateMode.Container, data: [1]);
        CreateTtl("/a/t", 1234);
        edits.Create("/a/t/child");
        edits.Ask(new Delete("/a/t/child"));
        edits.Ask(new SetAcl("/a/t", [new Acl(Permissions.All, "digest", "a:b")]));
        var reader = new SnapshotReader();
        foreach (var chunk in SnapshotCodec.Write(edits.Tree))
            reader.Add(chunk);
        var encoder = new BatchEncoder();
        foreach (var txn in edits.Log)
            encoder.Add(txn);
        var replayed = ZnodeTree.Empty.Edit();
        foreach (var txn in TxnCodec.Decode(encoder.Finish()))
            replayed.Apply(txn);
        foreach (var tree in new[] { reader.Finish(), replayed.Commit() })
        {
            Assert.Equal(edits.Tree.Digest(), tree.Digest());
            Assert.Equal(["/a/c", "/a/t"], tree.Edit().FindDue(long.MaxValue, MaxNeverUsed, 10));
            Assert.Equal(["/a/c"], tree.Edit().FindDue(long.MaxValue, MaxNeverUsed, 1));
        }
    }

    [Fact]
    public void A_request_for_a_time_to_live_travels_to_the_leader()
    {
        var encoder = new RequestEncoder();
        encoder.Add(1, 2, new Create("/x", null, Acl.Open, CreateMode.PersistentWithTtl) { TimeToLiveMs = 77 });
        var back = Assert.Single(RequestCodec.Decode(encoder.Finish(), (_, _, request, _, _) => request));
        Assert.Equal(77, Assert.IsType<Create>(back).TimeToLiveMs);
    }

    private List<string> Due(long now) => edits.Edit.FindDue(now, MaxNeverUsed, 100);

    private Reply CreateTtl(string path, long ttl)
    {
        var prepared = Prepare(
            new Create(path, null, Acl.Open, CreateMode.PersistentWithTtl) { TimeToLiveMs = ttl }, ttl: true);
        return edits.Do(prepared.Txn!);
    }

    private Prepared Prepare(Create create, bool ttl) => Preparation.Prepare(
        edits.Edit, create, new TxnHeader(edits.Zxid + 1, 0, Edits.Session, 0), Identities.None, new TreeRules { TimeToLive = ttl });
}
