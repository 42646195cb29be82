using Akka.Zab.Client;
using Akka.Zab.Sessions;
using Akka.Zab.Tree;

namespace Akka.Zab.Tests.Sessions;

public class RequestCheckTests
{
    [Fact]
    public void What_clients_may_send_passes()
    {
        Request[] legal =
        [
            new Exists("/a"), new GetData("/a", true), new GetChildren(""), new SetWatches(0, [], ["/a"], []),
            new Create("/a", null, Acl.Open), new Delete("/a"), new SetData("/a", []), new Sync("/"), new CloseSession(),
            new Multi([new Check("/a"), new Create("/b", [], Acl.Open)]), new Ping(), new AddAuth("digest", [1]),
            new WhoAmI(), new GetAcl("/a"), new SetAcl("/a", Acl.Open), new AddWatch("", AddWatchMode.PersistentRecursive),
            new RemoveWatches("/a", WatchType.Any), new CheckWatches("/a", WatchType.PersistentRecursive),
            new GetEphemerals(), new GetAllChildrenNumber("/a"), new MultiRead([new GetData("/a"), new GetChildren("/a")]),
        ];
        foreach (var request in legal) Assert.Equal(ZabError.Ok, RequestCheck.Verdict(request));
    }

    [Fact]
    public void What_lacks_a_field_is_refused()
    {
        Request?[] broken =
        [
            null, new Exists(null!), new GetData(null!), new SetWatches(0, null!, [], []), new SetWatches(0, [null!], [], []),
            new Delete(null!), new SetData(null!, []), new Sync(null!), new Multi(null!), new Multi([null!]),
            new Multi([new Delete(null!)]), new AddAuth(null!, []), new AddAuth("digest", null!), new Create(null!, [], Acl.Open),
            new Multi([new Create("/a", [], null!)]), new GetAcl(null!), new SetAcl(null!, Acl.Open),
            new AddWatch("/a", (AddWatchMode)2), new RemoveWatches("/a", (WatchType)6), new CheckWatches("/a", 0),
            new MultiRead(null!), new MultiRead([null!]), new MultiRead([new Exists("/a")]), new Multi([new SetAcl("/a", Acl.Open)]),
            new SetWatches(0, [], [], []) { Persistent = null! }, new SetWatches(0, [], [], []) { Recursive = [null!] },
        ];
        foreach (var request in broken) Assert.Equal(ZabError.MarshallingError, RequestCheck.Verdict(request));
        Assert.Equal(ZabError.InvalidAcl, RequestCheck.Verdict(new Create("/a", [], null!)));
        Assert.Equal(ZabError.InvalidAcl, RequestCheck.Verdict(new Create("/a", [], [new Acl(Permissions.All, null!, "")])));
    }

    [Fact]
    public void What_only_servers_say_is_refused()
    {
        Assert.NotEqual(ZabError.Ok, RequestCheck.Verdict(new OpenSession(1, [], 1)));
        Assert.NotEqual(ZabError.Ok, RequestCheck.Verdict(new ReattachSession(1, [], 1)));
        Assert.NotEqual(ZabError.Ok, RequestCheck.Verdict(new Multi([new CloseSession()])));
        Assert.NotEqual(ZabError.Ok, RequestCheck.Verdict(new Check("/a")));
    }

    [Fact]
    public void The_digest_id_is_ZooKeepers() =>
        Assert.Equal("bob:ikIaKsbtGweaHnb/jKn7OHqbunM=", DigestId.Of("bob:pw"u8));
}
