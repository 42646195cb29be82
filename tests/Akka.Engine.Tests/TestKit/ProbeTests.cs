using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.TestActors;

namespace Akka.Engine.Tests.TestKit;

public class ProbeTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void A_probe_sends_answers_and_passes_on()
    {
        var client = CreateTestProbe("client");
        var proxy = CreateTestProbe();
        var server = CreateTestProbe();
        client.Send(proxy.Ref, "question");
        proxy.ExpectMsg("question");
        Assert.Equal(client.Ref, proxy.Sender);
        proxy.Forward(server.Ref);
        server.ExpectMsgFrom(client.Ref, "question");
        server.Reply("answer");
        client.ExpectMsgFrom(server.Ref, "answer");
        proxy.Forward(server.Ref, "more");
        server.ExpectMsgFrom(client.Ref, "more");
        Assert.StartsWith("client", client.Ref.Path.Name);
    }

    [Fact]
    public void A_probe_is_an_actor_reference_itself()
    {
        var probe = CreateTestProbe();
        var forwarder = Sys.ActorOf(ForwardActor.Props(probe));
        forwarder.Tell("hello");
        probe.ExpectMsgFrom(TestActor, "hello");
        Assert.True(probe.Equals(probe.Ref));
        Assert.Equal(probe.Ref, (object)((IActorRef)probe));
    }

    [Fact]
    public void A_pilot_answers_at_once_and_may_hand_over()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell("pong " + message);
            return message is 3 ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        for (var i = 1; i <= 4; i++) probe.Ref.Tell(i);
        Assert.Equal(["pong 1", "pong 2", "pong 3"], ReceiveN(3));
        Assert.Equal([1, 2, 3, 4], probe.ReceiveN(4));
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_probe_can_have_children()
    {
        var probe = CreateTestProbe();
        var child = probe.ChildActorOf(SimpleEchoActor.Props(), "child");
        Assert.Equal(probe.Ref.Path, child.Path.Parent);
        child.Tell(1);
        ExpectMsgFrom(child, 1);
    }

    [Fact]
    public void An_echo_actor_answers_and_reports()
    {
        var echo = Sys.ActorOf(EchoActor.Props(this));
        var probe = CreateTestProbe();
        probe.Send(echo, "hello");
        probe.ExpectMsg("hello");
        ExpectMsgFrom(probe.Ref, "hello");
        echo.Tell("once");
        ExpectMsg("once");
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Latches_open_when_they_are_counted_down()
    {
        var latch = CreateTestLatch(2);
        latch.CountDown();
        Assert.False(latch.IsOpen);
        Assert.Throws<TimeoutException>(() => latch.Ready(TimeSpan.FromMilliseconds(10)));
        latch.CountDown();
        latch.Ready();
        latch.Reset();
        latch.Open();
        Assert.True(latch.IsOpen);
    }

    [Fact]
    public async Task Barriers_open_when_all_have_come()
    {
        var barrier = CreateTestBarrier(2);
        var other = Task.Run(barrier.Await);
        barrier.Await();
        await other;
    }

    [Fact]
    public void The_system_can_be_the_tests_own()
    {
        var system = ActorSystem.Create("own");
        using (var kit = new Akka.TestKit.Xunit2.TestKit(system))
        {
            Assert.Same(system, kit.Sys);
            kit.TestActor.Tell("hello", ActorRefs.NoSender);
            kit.ExpectMsg("hello");
        }
        Assert.True(system.WhenTerminated.IsCompleted);
    }
}
