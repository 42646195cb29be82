using Akka.Zab.Client;
using Akka.Zab.Simulation.Checking;

namespace Akka.Zab.Simulation.Worlds;

public class WorldTests
{
    [Fact]
    public void Three_servers_elect_a_leader_and_a_client_writes_and_reads()
    {
        using var world = new World(new WorldOptions { Seed = 1, KeepTrace = true });
        world.StartAll();
        world.RunUntil(() => world.Servers.All(server => server.Serves), TimeSpan.FromSeconds(5));
        var client = world.Clients.Add();
        client.Start();
        world.RunUntil(() => client.IsConnected, TimeSpan.FromSeconds(5));

        var create = client.Send(new Create("/a", Values.Of(7), Acl.Open));
        var read = client.Send(new GetData("/a"));
        world.RunUntil(() => read.IsOver, TimeSpan.FromSeconds(5));

        Assert.IsType<CreatedReply>(create.Reply);
        Assert.Equal(7, Values.In(Assert.IsType<DataReply>(read.Reply).Data));
        Assert.Contains("ACK NEWLEADER", world.Trace.ToString());
    }
}
