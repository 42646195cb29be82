using Akka.Actor;
using Akka.TestKit;

namespace Akka.Engine.Tests.TestKit;

/// <summary>Actors that a test looks into.</summary>
public class TestActorRefTests : Akka.TestKit.Xunit2.TestKit
{
    [Fact]
    public void What_is_told_has_been_handled_when_the_call_returns()
    {
        var counter = ActorOfAsTestActorRef(() => new Counter(3));
        counter.Tell(new Add(4));
        Assert.Equal(7, counter.UnderlyingActor.Count);
    }

    [Fact]
    public void It_is_an_actor_like_any_other_to_the_rest()
    {
        var counter = ActorOfAsTestActorRef<Counter>("counter");
        Assert.Equal("/user/counter", counter.Path.ToStringWithoutAddress());
        Sys.ActorSelection("/user/counter").Tell(new Get());
        ExpectMsg(0);
        Assert.Equal(counter.Ref, LastSender);
        Assert.True(counter == LastSender);
        Watch(counter);
        counter.Tell(PoisonPill.Instance);
        ExpectTerminated(counter);
        Assert.Throws<IllegalActorStateException>(() => counter.UnderlyingActor);
    }

    [Fact]
    public void Without_a_name_each_has_one_of_its_own()
    {
        Assert.NotEqual(ActorOfAsTestActorRef<Counter>().Path, ActorOfAsTestActorRef<Counter>().Path);
        Assert.Throws<InvalidActorNameException>(() =>
        {
            ActorOfAsTestActorRef<Counter>("same");
            ActorOfAsTestActorRef<Counter>("same");
        });
    }

    [Fact]
    public void A_message_given_to_the_behaviour_directly_throws_here_and_leaves_the_actor_alone()
    {
        var counter = ActorOfAsTestActorRef<Counter>();
        counter.Receive(new Add(2), TestActor);
        Assert.Throws<InvalidDataException>(() => counter.Receive(new Fail()));
        Assert.Equal(2, counter.UnderlyingActor.Count);
        counter.Receive(new Get(), TestActor);
        ExpectMsg(2);
    }

    [Fact]
    public async Task An_asynchronous_handler_can_be_awaited()
    {
        var counter = ActorOfAsTestActorRef<Counter>();
        var gate = new TaskCompletionSource();
        var handled = counter.ReceiveAsync(new AddLater(gate.Task, 5));
        Assert.False(handled.IsCompleted);
        gate.SetResult();
        await handled.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(5, counter.UnderlyingActor.Count);
        var failing = new TaskCompletionSource();
        handled = counter.ReceiveAsync(new AddLater(failing.Task, 1));
        failing.SetException(new InvalidDataException());
        await Assert.ThrowsAsync<InvalidDataException>(() => handled.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void A_failure_is_for_the_supervisor_to_treat()
    {
        var parent = ActorOfAsTestActorRef<Parent>();
        var counter = ActorOfAsTestActorRef<Counter>(parent.Ref);
        Assert.Equal(parent.Path, counter.Path.Parent);
        var before = counter.UnderlyingActor;
        counter.Tell(new Add(1));
        EventFilter.Exception<InvalidDataException>().ExpectOne(() => counter.Tell(new Fail()));
        Assert.NotSame(before, counter.UnderlyingActor);
        Assert.Equal(0, counter.UnderlyingActor.Count);
        Assert.Equal(1, parent.UnderlyingActor.Failures);
    }

    [Fact]
    public void The_behaviour_can_be_changed_and_back()
    {
        var counter = ActorOfAsTestActorRef<Counter>();
        counter.Tell("backwards");
        counter.Tell(new Add(2));
        Assert.Equal(-2, counter.UnderlyingActor.Count);
    }

    [Fact]
    public void A_dispatcher_of_ones_own_may_run_it()
    {
        var counter = ActorOfAsTestActorRef<Counter>(
            Props.Create(() => new Counter(1)).WithDispatcher("akka.actor.default-dispatcher"));
        Assert.Equal(1, counter.UnderlyingActor.Count);
        counter.Tell(new Add(1));
        AwaitCondition(() => counter.UnderlyingActor.Count == 2);
    }

    sealed record Add(int Number);

    sealed record AddLater(Task Gate, int Number);

    sealed record Get;

    sealed record Fail;

    sealed class Counter : ReceiveActor
    {
        public Counter() : this(0)
        {
        }

        public Counter(int count)
        {
            Count = count;
            Receive<Add>(add => Count += add.Number);
            ReceiveAsync<AddLater>(async add =>
            {
                await add.Gate;
                Count += add.Number;
            });
            Receive<Get>(_ => Sender.Tell(Count));
            Receive<Fail>(_ => throw new InvalidDataException("told to fail"));
            Receive<string>(_ => Become(() => Receive<Add>(add => Count -= add.Number)));
        }

        public int Count { get; private set; }
    }

    sealed class Parent : ReceiveActor
    {
        public int Failures { get; private set; }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ =>
        {
            Failures++;
            return Directive.Restart;
        });
    }
}
