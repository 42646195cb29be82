using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.Engine.Tests.Core;

public class DispatcherTests : ActorSystemTest
{
    const string Hocon = """
        pinned { type = PinnedDispatcher }
        forked { type = ForkJoinDispatcher, throughput = 5, dedicated-thread-pool.thread-count = 2 }
        inline { type = "Akka.Engine.Tests.Core.DispatcherTests+InlineConfigurator, Akka.Engine.Tests" }
        wrong-type { type = "No.Such.Class, Nowhere" }
        no-type { throughput = 5, type = "" }
        bounded { mailbox-type = "Akka.Dispatch.BoundedMailbox", mailbox-capacity = 3, mailbox-push-timeout-time = 0s }
        akka.actor.deployment { /deployed { dispatcher = forked } }
        """;

    public DispatcherTests()
        : base(Hocon)
    {
    }

    [Fact]
    public async Task The_default_dispatcher_is_that_of_the_configuration()
    {
        Assert.Equal("akka.actor.default-dispatcher", System.Dispatchers.DefaultGlobalDispatcher.Id);
        Assert.Equal(30, System.Dispatchers.DefaultGlobalDispatcher.Throughput);
        Assert.Equal("akka.actor.default-dispatcher", (await Where(Props.Create(() => new Tells()))).Dispatcher);
    }

    [Fact]
    public async Task Props_choose_a_dispatcher()
    {
        var (dispatcher, thread) = await Where(Props.Create(() => new Tells()).WithDispatcher("forked"));
        Assert.Equal("forked", dispatcher);
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread);
        Assert.Equal(5, System.Dispatchers.Lookup("forked").Throughput);
    }

    [Fact]
    public async Task The_configuration_chooses_a_dispatcher_by_path()
    {
        var actor = System.ActorOf(Props.Create(() => new Tells()), "deployed");
        Assert.Equal("forked", (await actor.Ask<(string Dispatcher, int)>("where", Patience)).Dispatcher);
    }

    [Fact]
    public async Task Each_actor_on_a_pinned_dispatcher_has_one_thread_of_its_own()
    {
        var one = System.ActorOf(Props.Create(() => new Tells()).WithDispatcher("pinned"));
        var two = System.ActorOf(Props.Create(() => new Tells()).WithDispatcher("pinned"));
        var threads = new HashSet<int>();
        for (var i = 0; i < 100; i++)
            threads.Add((await one.Ask<(string, int Thread)>("where", Patience)).Thread);
        Assert.Single(threads);
        Assert.DoesNotContain((await two.Ask<(string, int Thread)>("where", Patience)).Thread, threads);
    }

    [Fact]
    public async Task A_dispatcher_class_of_ones_own_can_be_named()
    {
        var actor = System.ActorOf(Props.Create(() => new Tells()).WithDispatcher("inline"));
        await Handled(actor);
        var answer = actor.Ask<(string Dispatcher, int Thread)>("where", Patience);
        Assert.Equal(("inline", Environment.CurrentManagedThreadId), await answer);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("wrong-type")]
    [InlineData("no-type")]
    public void A_dispatcher_that_cannot_be_made_is_a_clear_error(string id)
    {
        var e = Assert.Throws<ConfigurationException>(() =>
            System.ActorOf(Props.Create(() => new Tells()).WithDispatcher(id), "name"));
        Assert.Contains(id, e.Message);
        Assert.NotNull(System.ActorOf(Props.Create(() => new Tells()), "name"));
    }

    [Fact]
    public async Task A_bounded_mailbox_turns_what_it_cannot_hold_into_dead_letters()
    {
        var letters = NewProbe();
        System.EventStream.Subscribe(letters.Ref, typeof(Event.DeadLetter));
        var inside = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Inline((_, _) => Wait(inside, goOn))).WithMailbox("bounded"));
        actor.Tell(0);
        await inside.Task.WaitAsync(Patience);
        for (var i = 1; i <= 4; i++)
            actor.Tell(i);
        Assert.Equal(4, (await letters.Next<Event.DeadLetter>()).Message);
        goOn.SetResult();
    }

    [Fact]
    public async Task An_action_scheduled_on_a_dispatcher_runs()
    {
        var ran = new TaskCompletionSource();
        System.Dispatchers.DefaultGlobalDispatcher.Schedule(() => ran.SetResult());
        await ran.Task.WaitAsync(Patience);
    }

    [BundledFact] // Akka.NET leaves the exception to the thread pool, which ends the process.
    public async Task The_failure_of_an_action_scheduled_on_a_dispatcher_harms_nobody()
    {
        var ran = new TaskCompletionSource();
        System.Dispatchers.DefaultGlobalDispatcher.Schedule(() => throw new InvalidOperationException("on purpose"));
        System.Dispatchers.DefaultGlobalDispatcher.Schedule(() => ran.SetResult());
        await ran.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_blocked_actor_leaves_the_others_their_turn()
    {
        var goOn = new TaskCompletionSource();
        var inside = new TaskCompletionSource();
        var blocked = Actor((_, _) => Wait(inside, goOn));
        blocked.Tell("block");
        await inside.Task.WaitAsync(Patience);
        for (var i = 0; i < 100; i++)
            Assert.Equal("akka.actor.default-dispatcher", (await Where(Props.Create(() => new Tells()))).Dispatcher);
        goOn.SetResult();
    }

    static bool Wait(TaskCompletionSource inside, TaskCompletionSource goOn)
    {
        inside.TrySetResult();
        goOn.Task.Wait();
        return true;
    }

    Task<(string Dispatcher, int Thread)> Where(Props props) =>
        System.ActorOf(props).Ask<(string, int)>("where", Patience);

    sealed class Tells : ReceiveActor
    {
        public Tells() => ReceiveAny(_ => Sender.Tell((Context.Dispatcher.Id, Environment.CurrentManagedThreadId)));
    }

    public sealed class InlineConfigurator : MessageDispatcherConfigurator
    {
        readonly InlineDispatcher _dispatcher;

        public InlineConfigurator(Config config, IDispatcherPrerequisites prerequisites)
            : base(config, prerequisites) => _dispatcher = new InlineDispatcher(this);

        public override MessageDispatcher Dispatcher() => _dispatcher;
    }

    sealed class InlineDispatcher : MessageDispatcher
    {
        public InlineDispatcher(MessageDispatcherConfigurator configurator)
            : base(configurator) => Id = "inline";

        protected override void ExecuteTask(IRunnable run) => run.Run();

        protected override void Shutdown()
        {
        }
    }
}
