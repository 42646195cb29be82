using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Examples;

/// <summary>The ways to open a session.</summary>
public class Connecting(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(OverTheWire))]
    public async Task With_a_connect_string(Via via)
    {
        var connectString = await ConnectStringAsync(via); // host1:2181,host2:2181/app
        await using var zab = await ZabClient.ConnectAsync(
            connectString, new ZabClientOptions { SessionTimeout = TimeSpan.FromSeconds(5) }, Stop);
        Assert.Equal(ConnectionState.Connected, zab.State);
    }

    [Theory, MemberData(nameof(OverTheWire))]
    public async Task With_a_configuration(Via via)
    {
        var parts = (await ConnectStringAsync(via)).Split('/');
        using var system = ActorSystem.Create("orders", ConfigurationFactory.ParseString($$"""
            akka.zab.client {
              transport = wire # or akka, with addresses such as "akka.tcp://zab@server1:4051"
              servers = ["{{parts[0]}}"]
              chroot = "/{{parts[1]}}"
              session-timeout = 5s
            }
            """));
        await using var zab = await ZabClient.ConnectAsync(system, Stop);
        Assert.Empty((await zab.GetChildrenAsync("/", cancellation: Stop)).Names);
    }
}
