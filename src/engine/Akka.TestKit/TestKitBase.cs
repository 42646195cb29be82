using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Internal;
using Akka.Util;

namespace Akka.TestKit;

/// <summary>
/// An actor system under test with an actor whose mailbox the test can look into: what that
/// <see cref="TestActor"/> receives is what the Expect and Receive methods wait for.
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    static readonly long ClockStart = Stopwatch.GetTimestamp();
    static readonly TimeSpan TimeAtClockStart = TimeSpan.FromTicks(DateTime.UtcNow.Ticks);
    static int _testActors;

    readonly ITestKitAssertions _assertions;
    readonly Channel<MessageEnvelope> _received = Channel.CreateUnbounded<MessageEnvelope>();
    MessageEnvelope _last = NullMessageEnvelope.Instance;
    ActorCell? _implicitSender;

    // Inside a Within block: when it must end.
    TimeSpan? _end;

    // A wait for silence lasts as long as it lasts; it does not make a Within block too slow.
    bool _lastWasSilence;

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null,
        string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null,
        string? testActorName = null)
        : this(assertions, null, SetupWith(config), actorSystemName, testActorName)
    {
    }

    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup config,
        string? actorSystemName, string? testActorName)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        InitializeTest(system, config, actorSystemName, testActorName);
    }

    /// <summary>The defaults of the test kit itself, which every system under test falls back on.</summary>
    public static Config DefaultConfig { get; } =
        ConfigurationFactory.FromResource<TestKitBase>("Akka.TestKit.Internal.Reference.conf");

    /// <summary>Makes the engine log whatever it can.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = DEBUG
          stdout-loglevel = DEBUG
          log-dead-letters = on
          log-dead-letters-during-shutdown = on
          actor.debug {
            receive = on
            autoreceive = on
            lifecycle = on
            event-stream = on
            unhandled = on
            fsm = on
            router-misconfiguration = on
          }
        }
        """);

    /// <summary>Real time, whatever the scheduler's clock says; it never goes back.</summary>
    public static TimeSpan Now => TimeAtClockStart + Stopwatch.GetElapsedTime(ClockStart);

    public ActorSystem Sys { get; private set; }

    public TestKitSettings TestKitSettings { get; private set; }

    /// <summary>The actor whose messages the test expects; also the sender of what the test sends.</summary>
    public IActorRef TestActor { get; private set; }

    public ILoggingAdapter Log { get; private set; }

    public EventFilterFactory EventFilter { get; private set; }

    /// <summary>The message that was received last.</summary>
    public object LastMessage => _last.Message;

    /// <summary>Who sent the message that was received last.</summary>
    public IActorRef LastSender => _last.Sender;

    public bool HasMessages => _received.Reader.Count > 0;

    /// <summary>What is left of the Within block, outside of one <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>What is left of the Within block.</summary>
    public TimeSpan Remaining => _end is not null
        ? RemainingOr(TimeSpan.Zero)
        : throw new InvalidOperationException("Remaining has a meaning only inside a Within block.");

    [MemberNotNull(nameof(Sys), nameof(TestKitSettings), nameof(TestActor), nameof(Log), nameof(EventFilter))]
    protected virtual void InitializeTest(ActorSystem? system, ActorSystemSetup config, string? actorSystemName,
        string? testActorName)
    {
        if (system is null) system = ActorSystem.Create(actorSystemName ?? "test", WithDefaults(config));
        else system.Settings.InjectTopLevelFallback(DefaultConfig);

        Sys = system;
        system.RegisterExtension(new TestKitExtension());
        system.RegisterExtension(new TestKitAssertionsExtension(_assertions));
        TestKitSettings = TestKitExtension.For(system);
        Log = Logging.GetLogger(system, GetType());
        EventFilter = new EventFilterFactory(this);

        TestActor = CreateTestActor(string.IsNullOrEmpty(testActorName)
            ? $"testActor{Interlocked.Increment(ref _testActors)}"
            : testActorName);
        // A probe leaves the sender to the test that it belongs to.
        if (this is TestProbe) return;
        _implicitSender = this is INoImplicitSender ? null : (ActorCell)((ActorRefWithCell)TestActor).Underlying;
        InternalCurrentActorCellKeeper.Current = _implicitSender;
        SynchronizationContext.SetSynchronizationContext(new ActorCellKeepingSynchronizationContext(_implicitSender));
    }

    [MemberNotNull(nameof(Sys), nameof(TestKitSettings), nameof(TestActor), nameof(Log), nameof(EventFilter))]
    protected void InitializeTest(ActorSystem? system, Config config, string? actorSystemName, string? testActorName) =>
        InitializeTest(system, SetupWith(config), actorSystemName, testActorName);

    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Drops the messages that the function picks.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new TestActor.SetIgnore(m => shouldIgnoreMessage(m)));

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) =>
        TestActor.Tell(new TestActor.SetIgnore(m => m is TMsg message && shouldIgnoreMessage(message)));

    public void IgnoreMessages<TMsg>() => IgnoreMessages<TMsg>(_ => true);

    public void IgnoreNoMessages() => TestActor.Tell(new TestActor.SetIgnore(null));

    /// <summary>The test actor watches an actor: see <see cref="ExpectTerminated"/>.</summary>
    public IActorRef Watch(IActorRef actorToWatch) => WatchAsync(actorToWatch).Await();

    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await TestActor.Ask<TestActor.Done>(new TestActor.Watch(actorToWatch), RemainingOrDefault);
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch) => UnwatchAsync(actorToUnwatch).Await();

    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        await TestActor.Ask<TestActor.Done>(new TestActor.Unwatch(actorToUnwatch), RemainingOrDefault);
        return actorToUnwatch;
    }

    /// <summary>Answers messages at once, before the test looks at them.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new TestActor.SetAutoPilot(pilot));

    protected TimeSpan RemainingOr(TimeSpan duration)
    {
        if (_end is not { } end) return duration;
        var left = end - Now;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public TimeSpan RemainingOrDilated(TimeSpan? duration) =>
        duration is not { } given ? RemainingOrDefault : given.IsInfinite() ? given : Dilated(given);

    /// <summary>The time multiplied by <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration >= TimeSpan.Zero
        ? duration * TestKitSettings.TestTimeFactor
        : throw new ArgumentException($"A duration must not be negative; it is {duration}.", nameof(duration));

    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => timeout ?? TestKitSettings.SingleExpectDefault;

    /// <summary>Stops the actor system and waits for that.</summary>
    /// <exception cref="TimeoutException">It did not stop in time, and the test wants to know.</exception>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem? system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        system ??= Sys;
        var limit = duration ?? Dilated(TimeSpan.FromSeconds(5)).Min(TimeSpan.FromSeconds(10));
        if (system.Terminate().Wait(limit)) return;
        ((ExtendedActorSystem)system).Guardian.Stop();
        var problem = $"Actor system [{system.Name}] did not stop within {limit}.";
        if (verifySystemShutdown) throw new TimeoutException(problem);
        system.Log.Warning(problem);
    }

    /// <summary>Another actor that puts what it receives where this test waits for it.</summary>
    public IActorRef CreateTestActor(string name)
    {
        var props = Props.Create(() => new InternalTestActor(_received.Writer))
            .WithDispatcher("akka.test.test-actor.dispatcher");
        var actor = ((ExtendedActorSystem)Sys).SystemActorOf(props, name);
        if (actor is IRepointableRef starting && !SpinWait.SpinUntil(() => starting.IsStarted, TimeSpan.FromSeconds(5)))
            throw new TimeoutException($"The test actor {actor} did not start.");
        return actor;
    }

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    public virtual TestLatch CreateTestLatch(int count = 1) => new(Dilated, TestKitSettings.DefaultTimeout, count);

    public TestBarrier CreateTestBarrier(int count) => new(this, count, TestKitSettings.DefaultTimeout);

    /// <summary>Undoes what the constructor did to the calling thread.</summary>
    internal void LeaveThread()
    {
        if (_implicitSender is not null && InternalCurrentActorCellKeeper.Current == _implicitSender)
            InternalCurrentActorCellKeeper.Current = null;
        if (SynchronizationContext.Current is ActorCellKeepingSynchronizationContext)
            SynchronizationContext.SetSynchronizationContext(null);
    }

    static ActorSystemSetup SetupWith(Config config) =>
        ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));

    static ActorSystemSetup WithDefaults(ActorSystemSetup setup)
    {
        var given = setup.Get<BootstrapSetup>();
        var bootstrap = given.HasValue ? given.Value : BootstrapSetup.Create();
        var config = bootstrap.Config.HasValue ? bootstrap.Config.Value.SafeWithFallback(DefaultConfig) : DefaultConfig;
        return setup.WithSetup(bootstrap.WithConfig(config));
    }

    internal Exception Failure(string problem)
    {
        _assertions.Fail("{0}", problem);
        // Only assertions that do not throw let it come to this.
        return new InvalidOperationException(problem);
    }

    void LogCall(string format, params object[] args)
    {
        if (TestKitSettings.LogTestKitCalls) Log.Debug(format, args);
    }
}
