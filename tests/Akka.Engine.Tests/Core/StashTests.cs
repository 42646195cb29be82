using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Core;

public class StashTests : ActorSystemTest
{
    [Fact]
    public async Task Unstashed_messages_come_before_all_others_in_the_order_in_which_they_came()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Gate(probe.Ref)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(3);
        await Handled(actor);
        actor.Tell("open");
        actor.Tell(4);
        await probe.Expect(1, 2, 3, 4);
    }

    [Fact]
    public async Task An_unstashed_message_keeps_its_sender()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Gate(ActorRefs.Nobody)));
        actor.Tell(1, probe.Ref);
        actor.Tell("open", ActorRefs.NoSender);
        Assert.Equal("answer to 1", await probe.Next());
    }

    [Fact]
    public async Task Unstash_puts_back_the_oldest_alone()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Gate(probe.Ref)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("count");
        await Handled(actor);
        actor.Tell("open one");
        await probe.Expect("stashed 2", 1);
        await probe.ExpectNothingMore();
    }

    [Fact]
    public async Task The_same_message_cannot_be_stashed_twice()
    {
        var actor = System.ActorOf<StashesTwice>();
        Assert.IsType<IllegalActorStateException>(await actor.Ask<Exception>("twice", Patience));
    }

    [Fact]
    public async Task What_was_stashed_outlives_a_restart()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Gate(probe.Ref)));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("fail");
        await Handled(actor);
        actor.Tell("open");
        await probe.Expect(1, 2);
    }

    [Fact]
    public async Task What_is_stashed_when_the_actor_stops_becomes_dead_letters()
    {
        var probe = NewProbe();
        var letters = NewProbe();
        System.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var actor = System.ActorOf(Props.Create(() => new Gate(probe.Ref)));
        actor.Tell(1);
        actor.Tell(2);
        await Handled(actor);
        System.Stop(actor);
        Assert.Equal(1, (await letters.Next<DeadLetter>()).Message);
        Assert.Equal(2, (await letters.Next<DeadLetter>()).Message);
    }

    [Fact]
    public async Task A_stash_of_limited_capacity_overflows()
    {
        var actor = System.ActorOf(Props.Create(() => new Overflows()).WithStashCapacity(2));
        actor.Tell(1);
        actor.Tell(2);
        Assert.IsType<StashOverflowException>(await actor.Ask<Exception>(3, Patience));
    }

    [Fact]
    public async Task An_unbounded_stash_does_not_overflow_whatever_capacity_is_configured()
    {
        var probe = NewProbe();
        var actor = System.ActorOf(Props.Create(() => new Gate(probe.Ref)).WithStashCapacity(2));
        for (var i = 1; i <= 3; i++) actor.Tell(i);
        actor.Tell("open");
        for (var i = 1; i <= 3; i++) await probe.Expect(i);
    }

    [Fact]
    public async Task A_stashed_Terminated_is_handled_after_it_is_unstashed()
    {
        var probe = NewProbe();
        var watched = Actor((_, _) => true);
        var actor = System.ActorOf(Props.Create(() => new StashesTerminated(probe.Ref, watched)));
        await Handled(actor);
        System.Stop(watched);
        await probe.Expect("stashed");
        actor.Tell("open");
        Assert.Equal(watched, await probe.Next());
    }

    sealed class Gate : ReceiveActor, IWithUnboundedStash
    {
        public Gate(IActorRef probe)
        {
            Receive<int>(_ => Stash.Stash());
            Receive<string>(s =>
            {
                switch (s)
                {
                    case "open":
                        Stash.UnstashAll();
                        Become(() => Receive<int>(i =>
                        {
                            probe.Tell(i);
                            Sender.Tell($"answer to {i}");
                        }));
                        break;
                    case "open one":
                        Stash.Unstash();
                        Become(() => Receive<int>(i => probe.Tell(i)));
                        break;
                    case "count":
                        probe.Tell($"stashed {Stash.Count}");
                        break;
                    case "fail":
                        throw new InvalidOperationException("on purpose");
                }
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    sealed class StashesTwice : ReceiveActor, IWithUnboundedStash
    {
        public StashesTwice() => ReceiveAny(_ =>
        {
            try
            {
                Stash.Stash();
                Stash.Stash();
            }
            catch (Exception e)
            {
                Sender.Tell(e);
            }
        });

        public IStash Stash { get; set; } = null!;
    }

    sealed class Overflows : ReceiveActor, IWithStash
    {
        public Overflows() => ReceiveAny(_ =>
        {
            try
            {
                Stash.Stash();
            }
            catch (Exception e)
            {
                Sender.Tell(e);
            }
        });

        public IStash Stash { get; set; } = null!;
    }

    sealed class StashesTerminated : ReceiveActor, IWithUnboundedStash
    {
        public StashesTerminated(IActorRef probe, IActorRef watched)
        {
            Context.Watch(watched);
            Receive<Terminated>(_ =>
            {
                Stash.Stash();
                probe.Tell("stashed");
            });
            Receive<string>(_ =>
            {
                Become(() => Receive<Terminated>(t => probe.Tell(t.ActorRef)));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!;
    }
}
