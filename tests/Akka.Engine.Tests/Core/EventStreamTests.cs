using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Core;

public class EventStreamTests : ActorSystemTest
{
    [Fact]
    public async Task Subscribers_get_events_of_their_class_and_of_derived_ones()
    {
        var bases = NewProbe();
        var all = NewProbe();
        Assert.True(System.EventStream.Subscribe(bases.Ref, typeof(Happened)));
        Assert.False(System.EventStream.Subscribe(bases.Ref, typeof(Happened)));
        Assert.True(System.EventStream.Subscribe<IEvent>(all.Ref));
        System.EventStream.Publish(new Happened(1));
        System.EventStream.Publish(new Other(2));
        System.EventStream.Publish(new HappenedAgain(3));
        await bases.Expect(new Happened(1), new HappenedAgain(3));
        await bases.ExpectNothingMore();
        await all.Expect(new Happened(1), new Other(2), new HappenedAgain(3));
    }

    [Fact]
    public async Task Nothing_comes_after_unsubscribing()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Happened));
        System.EventStream.Subscribe(probe.Ref, typeof(Other));
        Assert.True(System.EventStream.Unsubscribe(probe.Ref, typeof(Happened)));
        Assert.False(System.EventStream.Unsubscribe(probe.Ref, typeof(Happened)));
        System.EventStream.Publish(new Happened(1));
        System.EventStream.Publish(new Other(2));
        await probe.Expect(new Other(2));
        Assert.True(System.EventStream.Unsubscribe(probe.Ref));
        System.EventStream.Publish(new Other(3));
        await probe.ExpectNothingMore();
    }

    [Fact]
    public async Task A_subscriber_that_has_ended_gets_nothing_not_even_as_dead_letters()
    {
        var probe = NewProbe();
        var letters = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(Happened));
        System.EventStream.Subscribe(letters.Ref, typeof(AllDeadLetters));
        Assert.True(await probe.Ref.GracefulStop(Patience));
        System.EventStream.Publish(new Happened(1));
        await letters.ExpectNothingMore();
    }

    [Fact]
    public async Task Log_events_are_published_at_the_configured_level_and_formatted_late()
    {
        using var system = NewSystem("akka.loglevel = WARNING, akka.loggers = [\"" + typeof(Collecting).FullName
            + ", Akka.Engine.Tests\"]");
        var probe = new Probe(system);
        Collecting.Target = probe.Ref;
        var log = Logging.GetLogger(system, "source");
        Assert.False(log.IsInfoEnabled);
        Assert.True(log.IsWarningEnabled);
        log.Info("not {0}", new Untouchable());
        log.Warning("seen {0} and {1}", 1, "two");
        log.Error(new InvalidOperationException("why"), "failed");
        var warning = await probe.Next<Warning>();
        Assert.Equal("seen 1 and two", warning.Message.ToString());
        Assert.Contains("source", warning.LogSource);
        Assert.Equal(LogLevel.WarningLevel, warning.LogLevel());
        var error = await probe.Next<Error>();
        Assert.IsType<InvalidOperationException>(error.Cause);
        await system.Terminate();
    }

    [Fact]
    public async Task The_log_of_an_actor_bears_its_path()
    {
        using var system = NewSystem("akka.loglevel = INFO, akka.loggers = [\"" + typeof(Collecting).FullName
            + ", Akka.Engine.Tests\"]");
        var probe = new Probe(system);
        Collecting.Target = probe.Ref;
        var actor = system.ActorOf(Props.Create(() => new Logs()), "logs");
        actor.Tell("hello");
        Assert.Equal("akka://core/user/logs", (await probe.Next<Info>()).LogSource);
        await system.Terminate();
    }

    [Fact]
    public async Task Dead_letters_that_are_to_be_expected_are_published_apart()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(AllDeadLetters));
        var actor = Actor((_, _) => true);
        Assert.True(await actor.GracefulStop(Patience));
        actor.Tell(new Expected());
        Assert.IsType<Expected>((await probe.Next<SuppressedDeadLetter>()).Message);
    }

    interface IEvent;

    record Happened(int Number) : IEvent;

    sealed record HappenedAgain(int Number) : Happened(Number);

    sealed record Other(int Number) : IEvent;

    sealed class Expected : IDeadLetterSuppression;

    sealed class Untouchable
    {
        public override string ToString() => throw new InvalidOperationException("nobody should want to know");
    }

    sealed class Logs : ReceiveActor
    {
        readonly ILoggingAdapter _log = Context.GetLogger();

        public Logs() => ReceiveAny(message => _log.Info("{0}", message));
    }

    public sealed class Collecting : ReceiveActor
    {
        public Collecting()
        {
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
            ReceiveAny(message => Target.Tell(message));
        }

        public static IActorRef Target { get; set; } = ActorRefs.Nobody;
    }
}
