using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Xunit.Sdk;

namespace Akka.Engine.Tests.TestKit;

public class EventFilterTests() : Akka.TestKit.Xunit2.TestKit("akka.loglevel = DEBUG")
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Events_can_be_expected_by_level_and_text()
    {
        EventFilter.Error("one").ExpectOne(() => Log.Error("one"));
        EventFilter.Warning(start: "two").ExpectOne(() => Log.Warning("two and {0}", "more"));
        EventFilter.Info(contains: "three").ExpectOne(() => Log.Info("one, two, three"));
        EventFilter.Debug(new Regex("^fo+ur$")).ExpectOne(() => Log.Debug("foour"));
        EventFilter.ForLogLevel(LogLevel.InfoLevel, "five").Expect(2, () =>
        {
            Log.Info("five");
            Log.Info("five");
        });
        EventFilter.Custom(e => e.Message.ToString() == "six").ExpectOne(() => Log.Info("six"));
    }

    [Fact]
    public void Errors_can_be_expected_by_their_cause()
    {
        EventFilter.Exception<InvalidOperationException>("broken")
            .ExpectOne(() => Log.Error(new InvalidOperationException("broken"), "It is {0}", "bad"));
        EventFilter.Exception<InvalidOperationException>(start: "It is")
            .ExpectOne(() => Log.Error(new InvalidOperationException("broken"), "It is {0}", "bad"));
        EventFilter.Exception<Exception>()
            .ExpectOne(() => Log.Error(new InvalidOperationException("broken"), "It is bad"));
    }

    [Fact]
    public void Too_few_and_too_many_events_fail()
    {
        Assert.ThrowsAny<XunitException>(() => EventFilter.Error("one").ExpectOne(Short, () => Log.Error("other")));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Error("one").Expect(1, Short, () =>
        {
            Log.Error("one");
            Log.Error("one");
            // In order: when this one has been seen, so have the others.
            EventFilter.Error("last").ExpectOne(() => Log.Error("last"));
        }));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Error("one").Expect(0, Short, () => Log.Error("one")));
        EventFilter.Error("one").Expect(0, Short, () => { });
    }

    [Fact]
    public async Task Events_can_be_awaited()
    {
        await EventFilter.Error("one").ExpectOneAsync(() =>
        {
            Log.Error("one");
            return Task.CompletedTask;
        });
        var result = await EventFilter.Error("two").ExpectAsync(1, () =>
        {
            Log.Error("two");
            return Task.FromResult(7);
        });
        Assert.Equal(7, result);
    }

    [Fact]
    public void Filters_can_be_combined()
    {
        EventFilter.Error("one").And.Warning("two").Expect(2, () =>
        {
            Log.Error("one");
            Log.Warning("two");
        });
    }

    [Fact]
    public void Events_can_be_kept_out_of_the_log()
    {
        Assert.Equal(3, EventFilter.Error("quiet").Mute(() =>
        {
            Log.Error("quiet");
            return 3;
        }));
        using (EventFilter.Error("quiet").Mute()) Log.Error("quiet");
    }

    [Fact]
    public void Dead_letters_can_be_expected()
    {
        var actor = Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props, "gone");
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        EventFilter.DeadLetter<string>().ExpectOne(() => actor.Tell("late"));
        EventFilter.DeadLetter<string>(m => m == "later", "/user/gone").ExpectOne(() => actor.Tell("later"));
        EventFilter.DeadLetter().ExpectOne(() => actor.Tell(1));
    }

    [Fact]
    public void The_failure_of_an_actor_is_an_error_with_its_path_as_source()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Failing()), "failing");
        EventFilter.Exception<ArithmeticException>("no", source: "/user/failing").ExpectOne(() => actor.Tell("go"));
    }

    sealed class Failing : ReceiveActor
    {
        public Failing() => ReceiveAny(_ => throw new ArithmeticException("no"));
    }
}
