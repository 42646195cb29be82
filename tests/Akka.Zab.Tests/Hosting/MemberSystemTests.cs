using Akka.Actor;
using Akka.Configuration;

namespace Akka.Zab.Tests.Hosting;

public sealed class MemberSystemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Other_servers_without_remoting_are_refused() => await Refused(
        "akka.actor.provider = local",
        "akka.zab.members names other servers, but this actor system has no remoting: akka.actor.provider must be remote or cluster.");

    [Fact]
    public async Task An_actor_system_that_is_not_where_the_members_list_says_is_refused() => await Refused(
        """
        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """,
        "akka.zab.members says that server 1 is at akka.tcp://zab@127.0.0.1:1, but this actor system is");

    private async Task Refused(string configuration, string sentence)
    {
        var system = ActorSystem.Create("zab", ConfigurationFactory.ParseString(configuration).WithFallback(
            $$"""
              akka.loglevel = WARNING
              akka.zab {
                data-dir = "{{_folder}}"
                members = [{ id = 1, address = "akka.tcp://zab@127.0.0.1:1" }, { id = 2, address = "akka.tcp://zab@127.0.0.1:2" }]
              }
              """));
        var refusal = Assert.Throws<ConfigurationException>(() => Zab.Get(system));
        Assert.StartsWith(sentence, refusal.Message);
        await system.Terminate();
    }
}
