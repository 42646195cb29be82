namespace Akka.Zab.Simulation.Scripts;

public class StageTests
{
    [Fact]
    public void Three_servers_serve_a_client()
    {
        using var stage = new Stage();
        stage.Start(1, 2, 3);
        stage.Until(() => stage.AllAreEqual);
        var client = stage.Client("a");
        client.Connect(stage.Server(1));
        stage.Until(() => client.IsConnected);
        var create = client.Send(new Client.Create("/x", [], Client.Acl.Open));
        stage.Until(() => client.ReplyTo(create) is Client.CreatedReply);

        Assert.Empty(stage.Failures);
        Assert.True(stage.AllAreEqual);
    }

    [Fact]
    public void What_is_done_twice_happens_in_the_same_way()
    {
        Assert.Equal(Trace(), Trace());

        static string[] Trace()
        {
            using var stage = new Stage(voters: 5, observers: 1);
            stage.Start(1, 2, 3, 4, 5, 6);
            stage.Run(TimeSpan.FromSeconds(3));
            stage.Crash(5);
            stage.Run(TimeSpan.FromSeconds(15));
            return stage.TakeTrace(notable: false);
        }
    }
}
