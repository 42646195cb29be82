using System.Runtime.Serialization;
using Akka.Actor;

namespace Akka.Zab.Client.Tests;

public class ZabMessageSerializerTests : TestKit.Xunit2.TestKit
{
    private sealed record Stranger(string Text);

    public static IReadOnlyList<object> Messages { get; } =
    [
        new Connect(0, [], 5000, 0), new ConnectRefused(DisconnectReason.Behind), new Disconnected(DisconnectReason.Closed),
        new Detach(),
        new ClientRequests(
        [
            new NumberedRequest(1, new Exists("/a", true)), new NumberedRequest(2, new GetData("/a")),
            new NumberedRequest(3, new GetChildren("/a")), new NumberedRequest(4, new SetWatches(3, ["/a"], [], ["/b", "/c"])),
            new NumberedRequest(5, new Create("/a", null, Acl.Open, CreateMode.EphemeralSequential)),
            new NumberedRequest(6, new Create("/a", [], [new Acl(Permissions.Read, "world", "anyone")])),
            new NumberedRequest(7, new Delete("/a", 3)), new NumberedRequest(8, new SetData("/a", [1, 2, 3])),
            new NumberedRequest(9, new Multi([new Check("/a", 1), new Delete("/b")])), new NumberedRequest(10, new Sync("/")),
            new NumberedRequest(11, new CloseSession()), new NumberedRequest(12, new Ping()),
            new NumberedRequest(13, new AddAuth("digest", [1])), new NumberedRequest(14, new SaslLogin([1])),
        ]),
        new ClientOutputs(
        [
            new ClientOutput(1, 1, new StatReply(new Stat(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))),
            new ClientOutput(2, 1, new DataReply([1], default)), new ClientOutput(3, 1, new ChildrenReply(["a", "b"], default)),
            new ClientOutput(4, 1, DoneReply.Instance), new ClientOutput(5, 1, new CreatedReply("/a", default)),
            new ClientOutput(6, 1, new ErrorReply(ZabError.NoNode)),
            new ClientOutput(7, 1, new MultiReply([new ErrorReply(ZabError.Ok), DoneReply.Instance], ZabError.NoAuth)),
            new ClientOutput(8, 1, new SyncReply("/")), new ClientOutput(9, 1, new SaslReply([1])),
            new ClientOutput(-1, 1, new WatchEvent(WatchEventType.NodeDeleted, "/a", 1)),
        ]),
    ];

    [Fact]
    public void Every_message_of_the_client_travels()
    {
        var serializer = new ZabMessageSerializer((ExtendedActorSystem)Sys);
        foreach (var message in Messages)
        {
            var copy = serializer.FromBinary(serializer.ToBinary(message), message.GetType());
            Assert.Equivalent(message, copy, strict: true);
        }
    }

    [Fact]
    public void A_reference_to_a_session_travels()
    {
        var serializer = new ZabMessageSerializer((ExtendedActorSystem)Sys);
        var copy = (Connected)serializer.FromBinary(
            serializer.ToBinary(new Connected(1, [1], 2, TestActor)), typeof(Connected));
        Assert.Equal(TestActor, copy.Session);
    }

    [Fact]
    public void Anything_else_is_refused_on_its_way_in()
    {
        var strict = new ZabMessageSerializer((ExtendedActorSystem)Sys);
        var lax = new Akka.Serialization.HyperionSerializer((ExtendedActorSystem)Sys);
        foreach (var message in new object[] { new Stranger("x"), new Uri("http://a"), new List<string> { "a" }, new object[] { 1 } })
        {
            var bytes = lax.ToBinary(message);
            Assert.ThrowsAny<SerializationException>(() => strict.FromBinary(bytes, message.GetType()));
        }
    }

    [Theory]
    [InlineData("Akka.Zab.Client.Create, Akka.Zab.Client", true)]
    [InlineData("Akka.Zab.Client.Create, Akka.Zab.Client, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null", true)]
    [InlineData("Akka.Zab.Client.NumberedRequest[], Akka.Zab.Client", true)]
    [InlineData("Akka.Zab.Client.Acl[], Akka.Zab.Client", true)]
    [InlineData("System.String[], System.Private.CoreLib,%core%", true)]
    [InlineData("Akka.Actor.ActorRefBase+Surrogate, Akka", true)]
    [InlineData("Akka.Zab.Client.ZabClient, Akka.Zab.Client", false)]
    [InlineData("Akka.Zab.Client.NoSuchThing, Akka.Zab.Client", false)]
    [InlineData("Akka.Zab.Client.Create, Akka.Zab.Evil", false)]
    [InlineData("System.Object, System.Private.CoreLib,%core%", false)]
    [InlineData("System.Collections.Generic.List`1[[System.String, System.Private.CoreLib,%core%]], System.Private.CoreLib,%core%", false)]
    [InlineData("Akka.Zab.Client.Create[,], Akka.Zab.Client", false)]
    [InlineData("Akka.Actor.Props, Akka", false)]
    [InlineData("", false)]
    public void The_allow_list_has_messages_and_what_they_are_made_of(string type, bool allowed) =>
        Assert.Equal(allowed, new ZabTypeFilter().IsAllowed(type));
}
