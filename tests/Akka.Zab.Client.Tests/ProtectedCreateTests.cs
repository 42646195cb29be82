using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Tests;

/// <summary>"Did my create happen?", after a lost connection.</summary>
public class ProtectedCreateTests : ClientTestKit
{
    private const long Mine = 99;
    private static readonly CreateOptions Sequential =
        new() { Mode = CreateMode.EphemeralSequential, Protected = true };

    [Fact]
    public async Task A_sequential_one_that_was_done_is_found_by_its_id()
    {
        var client = await Connect();
        var creating = client.CreateAsync("/l/n-", [1], Sequential);
        var sent = Assert.IsType<Create>(Sent().Operation);
        Assert.Matches("^/l/_c_[0-9a-f-]{36}-n-$", sent.Path);
        Reconnect();
        Answer(Receive(1), new SyncReply("/"));
        var list = Receive(1);
        Assert.Equal(new GetChildren("/l"), list[0].Operation);
        var name = sent.Path[3..] + "0000000007";
        Answer(list, new ChildrenReply(["_c_other-n-0000000006", name], default));
        var exists = Receive(1);
        Assert.Equal(new Exists("/l/" + name), exists[0].Operation);
        Answer(exists, new StatReply(default(Stat) with { CreatedZxid = 42 }));
        var created = await creating;
        Assert.Equal(("/l/" + name, 42), (created.Path, created.Stat.CreatedZxid));
    }

    [Fact]
    public async Task A_sequential_one_that_was_not_done_is_done_again_under_the_same_id()
    {
        var client = await Connect();
        var creating = client.CreateAsync("/l/n-", [1], Sequential);
        var first = Assert.IsType<Create>(Sent().Operation);
        Reconnect();
        Answer(Receive(1), new SyncReply("/"));
        Answer(Receive(1), new ChildrenReply(["_c_other-n-0000000006"], default));
        var again = Receive(1);
        Assert.Equal(first.Path, ((Create)again[0].Operation).Path);
        Answer(again, new CreatedReply(first.Path + "0000000007", default));
        Assert.EndsWith("0000000007", (await creating).Path);
    }

    [Fact]
    public async Task One_with_a_name_of_its_own_is_judged_by_what_is_there()
    {
        var client = await Connect();
        var options = new CreateOptions { Protected = true };
        var done = client.CreateAsync("/a", [1], options);
        Receive(1);
        Reconnect();
        Answer(Receive(1), new SyncReply("/"));
        Answer(Receive(1), new DataReply([1], default(Stat) with { CreatedZxid = 9 }));
        Assert.Equal(9, (await done).Stat.CreatedZxid);

        var refused = client.CreateAsync("/a", [1], options);
        Receive(1);
        Reconnect();
        Answer(Receive(1), new SyncReply("/"));
        Answer(Receive(1), new DataReply([2], default(Stat) with { CreatedZxid = 10 }));
        await Assert.ThrowsAsync<NodeExistsException>(() => refused);

        var missing = client.CreateAsync("/a", [1], options);
        Receive(1);
        Reconnect();
        Answer(Receive(1), new SyncReply("/"));
        Answer(Receive(1), new ErrorReply(ZabError.NoNode));
        var again = Receive(1);
        Assert.IsType<Create>(again[0].Operation);
        Answer(again, new CreatedReply("/a", default));
        await missing;
    }

    [Fact]
    public async Task One_that_is_not_protected_is_not_done_again_and_says_so()
    {
        var client = await Connect();
        var creating = client.CreateAsync("/a/b", [1], new CreateOptions { Parents = MissingParents.Create });
        Receive(1);
        ToClient(new Disconnected(DisconnectReason.NotServing));
        Assert.Equal("/a/b", (await Assert.ThrowsAsync<ConnectionLossException>(() => creating)).Path);
    }

    [Fact]
    public async Task Missing_parents_are_created_with_their_own_kind_and_acl_over_lost_connections()
    {
        var client = await Connect();
        Acl[] acl = [new(Permissions.Read, "world", "anyone")];
        var creating = client.CreateAsync(
            "/a/b", [1], new CreateOptions { Parents = MissingParents.CreateContainers, ParentAcl = acl });
        Answer(Receive(1), new ErrorReply(ZabError.NoNode));
        var parent = Assert.IsType<Create>(Sent().Operation);
        Assert.Equal(("/a", CreateMode.Container, acl[0]), (parent.Path, parent.Mode, parent.Acl[0]));
        Reconnect();
        Answer(Receive(1), new ErrorReply(ZabError.NodeExists));
        var child = Receive(1);
        Assert.Equal(("/a/b", Acl.Open[0]), (((Create)child[0].Operation).Path, ((Create)child[0].Operation).Acl[0]));
        Answer(child, new CreatedReply("/a/b", default));
        Assert.Equal("/a/b", (await creating).Path);
    }

    [Fact]
    public async Task A_tree_that_is_half_deleted_when_the_connection_breaks_is_deleted_on()
    {
        var client = await Connect();
        var deleting = client.DeleteAsync("/a", recursive: true);
        Answer(Receive(1), new ChildrenReply([], default));
        Assert.Equal(new Delete("/a"), Sent().Operation);
        Reconnect();
        Answer(Receive(1), new ErrorReply(ZabError.NoNode)); // the first attempt did it
        await deleting;
        var none = client.DeleteAsync("/a", recursive: true);
        Answer(Receive(1), new ErrorReply(ZabError.NoNode));
        await Assert.ThrowsAsync<NoNodeException>(() => none);
        await Assert.ThrowsAsync<ArgumentException>(() => client.DeleteAsync("/", recursive: true));
        var quiet = client.DeleteTreeAsync("/a");
        Answer(Receive(1), new ErrorReply(ZabError.NoNode));
        await quiet;
    }

    [Theory]
    [InlineData(CreateMode.Ephemeral, 11, Mine, 0, 1, "Done")]
    [InlineData(CreateMode.Ephemeral, 11, Mine, 5, 2, "Done")] // set since, by whomever: it is this session's
    [InlineData(CreateMode.Ephemeral, 11, 98, 0, 1, "Refused")]
    [InlineData(CreateMode.Ephemeral, 10, Mine, 0, 1, "Refused")] // of an earlier call
    [InlineData(CreateMode.Persistent, 11, 0, 0, 1, "Done")]
    [InlineData(CreateMode.Persistent, 10, 0, 0, 1, "Refused")]
    [InlineData(CreateMode.Persistent, 11, 0, 0, 2, "Refused")]
    [InlineData(CreateMode.Persistent, 11, Mine, 0, 1, "Refused")]
    [InlineData(CreateMode.Persistent, 11, 0, 1, 1, "Unknown")]
    [InlineData(CreateMode.Container, 11, long.MinValue, 0, 1, "Done")]
    public void What_is_there_tells_whether_it_was_done(
        CreateMode mode, long created, long owner, int version, byte data, string fate)
    {
        var stat = default(Stat) with { CreatedZxid = created, EphemeralOwner = owner, Version = version };
        var verdict = CreateProtection.Judge(
            new Create("/a", [1], Acl.Open, mode), Mine, before: 10, new DataReply([data], stat));
        Assert.Equal(fate, verdict.ToString());
    }

    [Fact]
    public void Null_and_empty_data_differ_here_too()
    {
        var stat = default(Stat) with { CreatedZxid = 1 };
        Assert.Equal(
            CreateFate.Refused,
            CreateProtection.Judge(new Create("/a", null, Acl.Open), Mine, 0, new DataReply([], stat)));
    }

    private void Reconnect()
    {
        LetGo();
        Accept();
    }
}
