using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class DeliveryTests : ActorSystemTest
{
    [Fact]
    public async Task Messages_of_each_sender_arrive_in_the_order_sent()
    {
        const int senders = 8, each = 20_000;
        var done = new TaskCompletionSource();
        var last = new int[senders];
        var received = 0;
        var actor = Actor((_, message) =>
        {
            var (sender, number) = ((int, int))message;
            if (number != last[sender] + 1)
                done.TrySetException(new Exception($"sender {sender}: {number} after {last[sender]}"));
            last[sender] = number;
            if (++received == senders * each)
                done.TrySetResult();
            return true;
        });
        await Task.WhenAll(Enumerable.Range(0, senders).Select(s => Task.Run(() =>
        {
            for (var i = 1; i <= each; i++)
                actor.Tell((s, i));
        })));
        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task An_actor_never_handles_two_messages_at_once()
    {
        const int senders = 4, each = 5_000;
        var inside = 0;
        var overlapped = false;
        var unguarded = 0;
        var actor = Actor((_, _) =>
        {
            overlapped |= Interlocked.Increment(ref inside) != 1;
            unguarded++;
            Thread.SpinWait(20);
            Interlocked.Decrement(ref inside);
            return true;
        });
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
                actor.Tell("one");
        })));
        await Handled(actor);
        Assert.False(overlapped);
        Assert.Equal(senders * each, unguarded);
    }

    [Fact]
    public async Task The_sender_is_the_actor_that_told_and_a_forwarded_message_keeps_it()
    {
        var probe = NewProbe();
        var target = Actor((context, message) =>
        {
            context.Sender.Tell(("seen", message), context.Self);
            return true;
        });
        var forwarder = Actor((_, message) =>
        {
            target.Forward(message);
            return true;
        });
        target.Tell("direct", probe.Ref);
        await probe.Expect(("seen", (object)"direct"));
        Assert.Equal(target, probe.LastSender);
        forwarder.Tell("forwarded", probe.Ref);
        await probe.Expect(("seen", (object)"forwarded"));
    }

    [Fact]
    public async Task Without_a_sender_answers_go_to_dead_letters()
    {
        var seen = new TaskCompletionSource<IActorRef>();
        var actor = Actor((context, _) => seen.TrySetResult(context.Sender));
        actor.Tell("hello", ActorRefs.NoSender);
        Assert.Equal(System.DeadLetters, await seen.Task.WaitAsync(Patience));
    }

    [BundledFact] // Akka.NET puts it into the mailbox.
    public void Null_is_no_message()
    {
        var actor = Actor((_, _) => true);
        Assert.Throws<InvalidMessageException>(() => actor.Tell(null!, ActorRefs.NoSender));
    }

    [Fact]
    public async Task A_poison_pill_is_handled_after_what_was_sent_before_and_before_what_comes_after()
    {
        var probe = NewProbe();
        var letters = NewProbe();
        System.EventStream.Subscribe(letters.Ref, typeof(Event.DeadLetter));
        var actor = Actor((_, message) =>
        {
            probe.Ref.Tell(message);
            return true;
        });
        await probe.WatchAndWait(actor);
        actor.Tell("before");
        actor.Tell(PoisonPill.Instance);
        actor.Tell("after");
        await probe.Expect("before");
        Assert.Equal(actor, (await probe.Next<Terminated>()).ActorRef);
        var letter = await letters.Next<Event.DeadLetter>();
        Assert.Equal("after", letter.Message);
        Assert.Equal(actor, letter.Recipient);
    }

    [Fact]
    public async Task Everything_told_to_an_actor_that_stops_is_either_handled_or_a_dead_letter()
    {
        const int senders = 4, each = 2_000;
        var handled = 0;
        var dead = 0;
        var all = new TaskCompletionSource();
        void Count(ref int counter)
        {
            Interlocked.Increment(ref counter);
            if (Volatile.Read(ref handled) + Volatile.Read(ref dead) == senders * each)
                all.TrySetResult();
        }

        var letters = Actor((_, message) =>
        {
            if (message is Event.DeadLetter { Message: int })
                Count(ref dead);
            return true;
        });
        System.EventStream.Subscribe(letters, typeof(Event.DeadLetter));
        var actor = Actor((context, _) =>
        {
            Count(ref handled);
            if (handled == 1_000)
                context.Stop(context.Self);
            return true;
        });
        await Task.WhenAll(Enumerable.Range(0, senders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < each; i++)
                actor.Tell(i);
        })));
        await all.Task.WaitAsync(Patience);
        Assert.True(dead > 0);
    }
}
