using Akka.Actor;
using Akka.Zab.Client.Leadership;

namespace Akka.Zab.Examples;

/// <summary>One of several actors leads: each is told when it does, and when no longer.</summary>
public class ActorElection(Ensembles ensembles) : Example(ensembles)
{
    private sealed class Scheduling : ReceiveActor
    {
        public Scheduling(ZabClient zab, TaskCompletionSource<long> began, TaskCompletionSource<long> ended)
        {
            // Stands for this actor, as its child: when this actor dies, the lead is given up.
            var leadership = ZabLeadership.Start(Context, zab, "/election", Self);

            // Send the token along with whatever you do as the leader, so that others can refuse an earlier leader's.
            Receive<BecomeLeader>(lead => began.TrySetResult(lead.FencingToken));
            Receive<LostLeadership>(lost => ended.TrySetResult(lost.FencingToken));

            // Step down, and stand no longer.
            Receive<string>(_ => leadership.Tell(Resign.Instance));
        }
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Lead_as_an_actor(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var system = ActorSystem.Create("app");
        var (began, ended) = (new TaskCompletionSource<long>(), new TaskCompletionSource<long>());
        var actor = system.ActorOf(Props.Create(() => new Scheduling(zab, began, ended)));

        var token = await began.Task.WaitAsync(Stop);
        actor.Tell("enough");
        Assert.Equal(token, await ended.Task.WaitAsync(Stop));
        await system.Terminate();
    }
}
