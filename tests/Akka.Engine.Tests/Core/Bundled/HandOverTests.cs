using Akka.Actor;
using Akka.Dispatch;

namespace Akka.Engine.Tests.Core.Bundled;

/// <summary>With <c>hand-over = on</c> a thread goes on with the actor to which it gave work.</summary>
public class HandOverTests : ActorSystemTest
{
    const string Hocon = """
        chain { type = Dispatcher, throughput = 10, hand-over = on }
        plain { type = Dispatcher, throughput = 10 }
        """;

    public HandOverTests()
        : base(Hocon)
    {
    }

    [Fact]
    public async Task A_chain_of_actors_runs_on_one_thread()
    {
        var last = On("chain", (context, message) => context.Sender.Tell(Environment.CurrentManagedThreadId));
        var middle = On("chain", (context, message) => last.Forward(message));
        var first = On("chain", (context, message) =>
        {
            middle.Forward(message);
            // Nothing further waits for this actor, so nobody else runs the next before this one is done.
            context.Sender.Tell(Environment.CurrentManagedThreadId);
        });
        var probe = NewProbe();
        for (var i = 0; i < 100; i++)
        {
            first.Tell(i, probe.Ref);
            Assert.Equal(await probe.Next<int>(), await probe.Next<int>());
        }
    }

    [Fact]
    public async Task What_an_actor_gave_away_does_not_wait_for_its_next_message()
    {
        using var reached = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var second = On("chain", (_, _) => reached.Set());
        var first = On("chain", (context, message) =>
        {
            if (message is "give")
            {
                // The next message is there before this one is done.
                context.Self.Tell("wait");
                second.Tell("work");
            }
            else
            {
                Assert.True(reached.Wait(Patience));
                go.Set();
            }
        });
        first.Tell("give");
        await Task.Run(() => Assert.True(go.Wait(Patience)));
    }

    [Fact]
    public async Task Only_the_first_to_get_work_stays_on_the_thread()
    {
        var probe = NewProbe();
        using var both = new Barrier(2);
        IActorRef Meets() => On("chain", (context, _) =>
        {
            Assert.True(both.SignalAndWait(Patience));
            context.Sender.Tell("met");
        });
        var (one, two) = (Meets(), Meets());
        await Handled(one);
        await Handled(two);
        var first = On("chain", (context, message) =>
        {
            one.Forward(message);
            two.Forward(message);
        });
        first.Tell("go", probe.Ref);
        await probe.Expect("met", "met");
    }

    [Fact]
    public async Task Without_it_an_actor_may_block_until_another_has_answered()
    {
        var other = On("plain", (context, _) => context.Sender.Tell("answer"));
        var blocks = On("plain", (context, _) =>
            context.Sender.Tell(other.Ask<string>("question", Patience).GetAwaiter().GetResult()));
        Assert.Equal("answer", await blocks.Ask<string>("go", Patience));
    }

    [Fact]
    public async Task Two_that_keep_each_other_busy_let_others_have_their_turn_and_lose_nothing()
    {
        var probe = NewProbe();
        IActorRef? pong = null;
        var ping = On("chain", (_, message) =>
        {
            if (message is > 0 and var left) pong!.Tell(left);
            else probe.Ref.Tell("done");
        });
        pong = On("chain", (_, message) => ping.Tell((int)message - 1));
        ping.Tell(100_000);
        await Handled(On("chain", (_, _) => { }));
        await probe.Expect("done");
    }

    [Fact]
    public async Task An_actor_that_fails_takes_nothing_with_it()
    {
        var probe = NewProbe();
        var second = On("chain", (_, message) => probe.Ref.Tell(message));
        var first = On("chain", (_, message) =>
        {
            second.Tell(message);
            throw new InvalidOperationException("on purpose");
        });
        for (var i = 0; i < 10; i++)
            first.Tell(i);
        await probe.Expect(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    [Fact]
    public void A_thread_that_runs_no_mailbox_keeps_nothing()
    {
        Assert.False(HandOver.TryTake(new ActionRunnable(() => { })));
        Assert.True(HandOver.Open());
        Assert.False(HandOver.Open());
        var ran = new List<int>();
        Assert.True(HandOver.TryTake(new ActionRunnable(() => ran.Add(Environment.CurrentManagedThreadId))));
        Assert.False(HandOver.TryTake(new ActionRunnable(() => { })));
        HandOver.Close(runHere: true);
        Assert.Equal([Environment.CurrentManagedThreadId], ran);
        Assert.False(HandOver.TryTake(new ActionRunnable(() => { })));
    }

    IActorRef On(string dispatcher, Action<IActorContext, object> receive) => System.ActorOf(
        Props.Create(() => new Inline(Receiving(receive))).WithDispatcher(dispatcher));

    static Func<IActorContext, object, bool> Receiving(Action<IActorContext, object> receive) => (context, message) =>
    {
        receive(context, message);
        return true;
    };
}
