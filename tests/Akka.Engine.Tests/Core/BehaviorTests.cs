using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Core;

public class BehaviorTests : ActorSystemTest
{
    [Fact]
    public async Task Handlers_are_tried_in_the_order_in_which_they_were_added()
    {
        var actor = System.ActorOf<Ordered>();
        Assert.Equal("ten", await actor.Ask<string>(10, Patience));
        Assert.Equal("big", await actor.Ask<string>(1000, Patience));
        Assert.Equal("int", await actor.Ask<string>(5, Patience));
        Assert.Equal("maybe", await actor.Ask<string>("maybe", Patience));
        Assert.Equal("object", await actor.Ask<string>("no", Patience));
        Assert.Equal("typed", await actor.Ask<string>(1.5, Patience));
        Assert.Equal("base", await actor.Ask<string>(new Derived(), Patience));
        Assert.Equal("object", await actor.Ask<string>('c', Patience));
    }

    [Fact]
    public async Task Become_replaces_the_behaviour_and_BecomeStacked_goes_back_to_it()
    {
        var actor = System.ActorOf<Stacked>();
        async Task Is(string expected) => Assert.Equal(expected, await actor.Ask<string>("who", Patience));
        await Is("first");
        actor.Tell("push");
        await Is("pushed");
        actor.Tell("push");
        await Is("pushed");
        actor.Tell("pop");
        await Is("pushed");
        actor.Tell("pop");
        await Is("first");
        actor.Tell("pop");
        await Is("first");
        actor.Tell("replace");
        await Is("replaced");
        actor.Tell("replace");
        await Is("replaced");
        // The first behaviour stays at the bottom, whatever was put on it.
        actor.Tell("pop");
        await Is("first");
        actor.Tell("push");
        actor.Tell("push");
        actor.Tell("replace");
        await Is("replaced");
        actor.Tell("pop");
        await Is("pushed");
        actor.Tell("pop");
        await Is("first");
    }

    [Fact]
    public async Task What_no_handler_takes_is_published_as_unhandled()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        var actor = System.ActorOf<Stacked>();
        actor.Tell(42, probe.Ref);
        var unhandled = await probe.Next<UnhandledMessage>();
        Assert.Equal(42, unhandled.Message);
        Assert.Equal(probe.Ref, unhandled.Sender);
        Assert.Equal(actor, unhandled.Recipient);
    }

    [Fact]
    public async Task A_behaviour_chosen_in_the_constructor_holds()
    {
        var actor = System.ActorOf<ChoosesInConstructor>();
        Assert.Equal("chosen", await actor.Ask<string>("who", Patience));
    }

    [Fact]
    public async Task Handlers_can_be_added_only_while_a_behaviour_is_being_configured()
    {
        var actor = System.ActorOf<AddsTooLate>();
        Assert.IsType<InvalidOperationException>(await actor.Ask<Exception>("add", Patience));
    }

    [Fact]
    public async Task An_untyped_actor_may_become_and_say_unhandled()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        var actor = System.ActorOf<Untyped>();
        Assert.Equal("one", await actor.Ask<string>("who", Patience));
        actor.Tell("next");
        Assert.Equal("two", await actor.Ask<string>("who", Patience));
        actor.Tell("something else");
        Assert.Equal("something else", (await probe.Next<UnhandledMessage>()).Message);
    }

    [Fact]
    public async Task The_context_is_only_there_while_a_message_is_handled()
    {
        var actor = System.ActorOf<LeaksContext>();
        var outside = await actor.Ask<Func<object>>("leak", Patience);
        Assert.Throws<NotSupportedException>(outside);
    }

    [Fact]
    public async Task A_receive_timeout_comes_when_no_message_does_and_repeats()
    {
        using var system = NewSystem(ManualScheduler.Hocon);
        var time = (ManualScheduler)system.Scheduler;
        var probe = new Probe(system);
        var actor = system.ActorOf(Props.Create(() => new Waits(probe.Ref)));
        await Handled(actor);
        time.Advance(TimeSpan.FromSeconds(9));
        actor.Tell("keeps it awake");
        await probe.Expect("keeps it awake");
        await Handled(actor);
        time.Advance(TimeSpan.FromSeconds(9));
        await Handled(actor);
        await probe.ExpectNothingMore();
        actor.Tell(new Whisper());
        await probe.Next<Whisper>();
        await Handled(actor);
        time.Advance(TimeSpan.FromSeconds(1));
        await probe.Next<ReceiveTimeout>();
        await Handled(actor);
        time.Advance(TimeSpan.FromSeconds(10));
        await probe.Next<ReceiveTimeout>();
        actor.Tell("off");
        await probe.Expect("off");
        await Handled(actor);
        time.Advance(TimeSpan.FromMinutes(1));
        await Handled(actor);
        await probe.ExpectNothingMore();
        await system.Terminate();
    }

    class Base;

    sealed class Derived : Base;

    sealed class Whisper : INotInfluenceReceiveTimeout;

    sealed class Ordered : ReceiveActor
    {
        public Ordered()
        {
            Receive<int>(_ => Sender.Tell("ten"), i => i == 10);
            Receive<int>(i => i > 100, _ => Sender.Tell("big"));
            Receive<int>(_ => Sender.Tell("int"));
            Receive<string>(s =>
            {
                if (s == "no")
                    return false;
                Sender.Tell(s);
                return true;
            });
            Receive(typeof(double), _ => Sender.Tell("typed"));
            Receive<Base>(_ => Sender.Tell("base"));
            Receive<long>(_ => Sender.Tell("long"));
            ReceiveAny(_ => Sender.Tell("object"));
        }
    }

    sealed class Stacked : ReceiveActor
    {
        public Stacked()
        {
            Receive<string>(s => s == "push", _ => BecomeStacked(Pushed));
            Receive<string>(s => s == "pop", _ => UnbecomeStacked());
            Receive<string>(s => s == "replace", _ => Become(Replaced));
            Receive<string>(_ => Sender.Tell("first"));
        }

        void Pushed()
        {
            Receive<string>(s => s == "push", _ => BecomeStacked(Pushed));
            Receive<string>(s => s == "pop", _ => UnbecomeStacked());
            Receive<string>(s => s == "replace", _ => Become(Replaced));
            Receive<string>(_ => Sender.Tell("pushed"));
        }

        void Replaced()
        {
            Receive<string>(s => s == "pop", _ => UnbecomeStacked());
            Receive<string>(s => s == "push", _ => BecomeStacked(Pushed));
            Receive<string>(s => s == "replace", _ => Become(Replaced));
            Receive<string>(_ => Sender.Tell("replaced"));
        }
    }

    sealed class ChoosesInConstructor : ReceiveActor
    {
        public ChoosesInConstructor()
        {
            Receive<string>(_ => Sender.Tell("initial"));
            Become(() => Receive<string>(_ => Sender.Tell("chosen")));
        }
    }

    sealed class AddsTooLate : ReceiveActor
    {
        public AddsTooLate() => Receive<string>(_ =>
        {
            try
            {
                Receive<int>(_ => { });
            }
            catch (Exception e)
            {
                Sender.Tell(e);
            }
        });
    }

    sealed class Untyped : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "who")
                Sender.Tell("one");
            else if (message is "next")
                Become(Two);
        }

        void Two(object message)
        {
            if (message is "who")
                Sender.Tell("two");
            else
                Unhandled(message);
        }
    }

    sealed class LeaksContext : ReceiveActor
    {
        public LeaksContext() => ReceiveAny(_ => Sender.Tell(new Func<object>(() => Context)));
    }

    sealed class Waits : ReceiveActor
    {
        public Waits(IActorRef probe)
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(10));
            ReceiveAny(message =>
            {
                if (message is "off")
                    SetReceiveTimeout(null);
                probe.Tell(message);
            });
        }
    }
}
