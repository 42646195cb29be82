using Akka.Actor;
using Akka.Configuration;

namespace Akka.Engine.Tests.Core;

public class CoordinatedShutdownTests : ActorSystemTest
{
    [Fact]
    public async Task Phases_run_in_the_order_of_their_dependencies_and_end_the_system()
    {
        var order = new List<string>();
        var shutdown = CoordinatedShutdown.Get(System);
        foreach (var phase in new[]
                 {
                     CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseClusterLeave,
                     CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceStop,
                     CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseClusterShutdown,
                     CoordinatedShutdown.PhaseServiceRequestsDone, CoordinatedShutdown.PhaseBeforeClusterShutdown,
                     CoordinatedShutdown.PhaseClusterExiting, CoordinatedShutdown.PhaseClusterExitingDone,
                 })
            shutdown.AddTask(phase, "note", () =>
            {
                order.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        Assert.Null(shutdown.ShutdownReason);
        await System.Terminate().WaitAsync(Patience);
        Assert.Equal(CoordinatedShutdown.ActorSystemTerminateReason.Instance, shutdown.ShutdownReason);
        Assert.Equal(
        [
            "before-service-unbind", "service-unbind", "service-requests-done", "service-stop",
                "before-cluster-shutdown",
            "cluster-leave", "cluster-exiting", "cluster-exiting-done", "cluster-shutdown",
                "before-actor-system-terminate",
        ], order);
    }

    [Fact]
    public async Task Actors_are_still_there_in_every_phase_but_the_last()
    {
        var echo = Actor((context, message) =>
        {
            context.Sender.Tell(message);
            return true;
        });
        var answer = "";
        CoordinatedShutdown.Get(System).AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "ask", async () =>
        {
            answer = await echo.Ask<string>("still here", Patience);
            return Done.Instance;
        });
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.Equal("still here", answer);
        Assert.True(System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task It_runs_once_for_the_first_reason()
    {
        var runs = 0;
        var shutdown = CoordinatedShutdown.Get(System);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count", () =>
        {
            runs++;
            return Task.FromResult(Done.Instance);
        });
        await Task.WhenAll(shutdown.Run(CoordinatedShutdown.ClusterLeavingReason.Instance),
            shutdown.Run(CoordinatedShutdown.UnknownReason.Instance), System.Terminate()).WaitAsync(Patience);
        Assert.Equal(1, runs);
        Assert.Equal(CoordinatedShutdown.ClusterLeavingReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task A_task_that_fails_or_hangs_does_not_keep_the_others_from_running()
    {
        using var system = NewSystem("akka.coordinated-shutdown.phases.service-unbind.timeout = 10ms");
        var ran = false;
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "fails", () =>
            throw new InvalidOperationException("on purpose"));
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "hangs", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "runs", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        await system.Terminate().WaitAsync(Patience);
        Assert.True(ran);
    }

    [Fact]
    public async Task A_task_that_ends_at_the_moment_when_its_time_is_up_does_not_end_the_shutdown()
    {
        const int count = 200;
        var phases = Enumerable.Range(0, count).Select(i =>
            $"akka.coordinated-shutdown.phases.p{i} {{ timeout = 2ms, depends-on = [{(i == 0 ? "" : $"p{i - 1}")}] }}");
        using var system = NewSystem(string.Join('\n', phases));
        var shutdown = CoordinatedShutdown.Get(system);
        for (var i = 0; i < count; i++)
            shutdown.AddTask($"p{i}", "ends late", async () =>
            {
                await Task.Delay(2);
                return Done.Instance;
            });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.True(system.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_can_begin_with_a_later_phase()
    {
        var ran = new List<string>();
        var shutdown = CoordinatedShutdown.Get(System);
        foreach (var phase in new[] { CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseServiceStop,
            CoordinatedShutdown.PhaseClusterLeave })
            shutdown.AddTask(phase, "note", () =>
            {
                ran.Add(phase);
                return Task.FromResult(Done.Instance);
            });
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance,
            CoordinatedShutdown.PhaseServiceStop).WaitAsync(Patience);
        Assert.Equal(["service-stop", "cluster-leave"], ran);
    }

    [Fact]
    public async Task The_system_may_be_left_running()
    {
        using var system = NewSystem("""
            akka.coordinated-shutdown.terminate-actor-system = off
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            """);
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(Patience);
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public void An_unknown_phase_is_refused() =>
        Assert.Throws<ConfigurationException>(() =>
            CoordinatedShutdown.Get(System).AddTask("no-such-phase", "task", () => Task.FromResult(Done.Instance)));

    [Fact]
    public async Task What_was_registered_for_termination_runs_the_last_first()
    {
        // Akka.NET's WhenTerminated is done with the last that was registered; the others may still be under way.
        var order = new List<int>();
        var done = new TaskCompletionSource();
        System.RegisterOnTermination(() =>
        {
            order.Add(1);
            done.SetResult();
        });
        System.RegisterOnTermination(() => throw new InvalidOperationException("on purpose"));
        System.RegisterOnTermination(() => order.Add(2));
        await System.Terminate().WaitAsync(Patience);
        await done.Task.WaitAsync(Patience);
        Assert.Equal([2, 1], order);
        Assert.Throws<InvalidOperationException>(() => System.RegisterOnTermination(() => { }));
    }

    [Fact]
    public async Task Terminating_stops_every_actor()
    {
        var stopped = new TaskCompletionSource();
        System.ActorOf(Props.Create(() => new Stops(stopped)));
        await System.Terminate().WaitAsync(Patience);
        Assert.True(stopped.Task.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => System.ActorOf(Props.Create(() => new Stops(stopped))));
    }

    sealed class Stops(TaskCompletionSource stopped) : ReceiveActor
    {
        protected override void PostStop() => stopped.SetResult();
    }
}
