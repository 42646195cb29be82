using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client;
using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class ClientGatewayTests : TestKit.Xunit2.TestKit
{
    private readonly TestProbe _registry;
    private readonly IActorRef _gateway;

    public ClientGatewayTests()
    {
        _registry = CreateTestProbe();
        _gateway = Sys.ActorOf(ClientGateway.Props(_registry));
    }

    [Fact]
    public void A_connect_is_passed_on_and_the_session_s_words_reach_the_client()
    {
        var client = CreateTestProbe();
        var session = CreateTestProbe();
        var request = new Connect(0, [], 5000, 0);
        _gateway.Tell(request, client);
        var attach = _registry.ExpectMsg<AttachClient>();
        Assert.Same(request, attach.Request);
        attach.Sink.Connected(new Connected(1, [], 5000, session));
        client.ExpectMsg<Connected>();
        Assert.Equal(session.Ref, client.LastSender);
        attach.Sink.Deliver([new ClientOutput(1, 1, DoneReply.Instance)]);
        client.ExpectMsg<ClientOutputs>();
        attach.Sink.Disconnected(DisconnectReason.Closed);
        client.ExpectMsg<Disconnected>();
        Assert.Equal(session.Ref, client.LastSender);
    }

    [Fact]
    public void A_client_that_stops_is_detached()
    {
        var client = CreateTestProbe();
        var session = Connect(client);
        Sys.Stop(client);
        session.ExpectMsg<Detach>();
    }

    [Fact]
    public void A_client_that_connects_again_gives_up_its_earlier_connection()
    {
        var client = CreateTestProbe();
        var first = Connect(client);
        var second = Connect(client);
        first.ExpectMsg<Detach>();
        Sys.Stop(client);
        second.ExpectMsg<Detach>();
    }

    [Fact]
    public void Data_that_is_part_of_the_tree_reaches_the_client_as_an_array_of_its_own()
    {
        var client = CreateTestProbe();
        _gateway.Tell(new Connect(0, [], 5000, 0), client);
        var sink = _registry.ExpectMsg<AttachClient>().Sink;
        var inPlace = new DataReply([9, 9, 1, 2], 2, default);
        sink.Deliver([new ClientOutput(1, 1, inPlace), new ClientOutput(2, 1, new MultiReply([inPlace]))]);
        var outputs = client.ExpectMsg<ClientOutputs>().Outputs;
        foreach (var reply in new[] { outputs[0].Content, ((MultiReply)outputs[1].Content).Results[0] })
        {
            var data = Assert.IsType<DataReply>(reply);
            Assert.False(data.IsInPlace);
            Assert.Equal([1, 2], data.Data!);
        }
    }

    private TestProbe Connect(TestProbe client)
    {
        var session = CreateTestProbe();
        _gateway.Tell(new Connect(0, [], 5000, 0), client);
        _registry.ExpectMsg<AttachClient>().Sink.Connected(new Connected(1, [], 5000, session));
        client.ExpectMsg<Connected>();
        return session;
    }
}
