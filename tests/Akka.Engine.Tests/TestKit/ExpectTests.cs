using Akka.Actor;
using Akka.TestKit;
using Xunit.Sdk;

namespace Akka.Engine.Tests.TestKit;

public class ExpectTests : Akka.TestKit.Xunit2.TestKit
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    sealed record Number(int Value);

    void Get(params object[] messages)
    {
        foreach (var message in messages) TestActor.Tell(message);
    }

    [Fact]
    public void A_message_can_be_expected_by_type_value_predicate_and_assertion()
    {
        Get("a", 1, new Number(2), new Number(3), new Number(4), new[] { 1, 2 }, "B");
        Assert.Equal("a", ExpectMsg<string>());
        Assert.Equal(1, ExpectMsg(1));
        Assert.Equal(new Number(2), ExpectMsg(new Number(2)));
        ExpectMsg<Number>(n => n.Value == 3);
        ExpectMsg<Number>(n => Assert.Equal(4, n.Value));
        ExpectMsg(new[] { 1, 2 });
        ExpectMsg("b", (x, y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Expectations_can_be_awaited()
    {
        Get("a", 1, new Number(2), "from", "any", 5, 6);
        await ExpectMsgAsync("a");
        await ExpectMsgAsync<int>();
        await ExpectMsgAsync<Number>(n => n.Value == 2);
        await ExpectMsgFromAsync(TestActor, "from");
        await ExpectMsgAnyOfAsync(["some", "any"]);
        var all = new List<int>();
        await foreach (var number in ExpectMsgAllOfAsync([6, 5])) all.Add(number);
        Assert.Equal([5, 6], all);
        await ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public void A_message_of_another_type_or_value_fails_and_is_gone()
    {
        Get(1, 1, 1, "next");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>());
        Assert.ThrowsAny<XunitException>(() => ExpectMsg(2));
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<int>(n => n == 2));
        ExpectMsg("next");
    }

    [Fact]
    public void A_message_that_does_not_come_fails()
    {
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Short));
        Assert.ThrowsAny<XunitException>(() => ExpectMsg("a", Short, "braces {0} in hints are harmless"));
    }

    [BundledFact]
    public void A_failure_says_what_was_expected_and_what_came()
    {
        var timeout = Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Short, "the greeting"));
        Assert.Equal($"Timeout {Short} while waiting for a message of type System.String (the greeting).",
            timeout.Message);
        Get(1);
        var other = Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>());
        Assert.Contains("Expected a message of type System.String, but got <1> from", other.Message);
    }

    [Fact]
    public void Silence_can_be_expected()
    {
        ExpectNoMsg(Short);
        ExpectNoMsg(20);
        Get("noise");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(TimeSpan.Zero));
    }

    [Fact]
    public void The_sender_can_be_expected_too()
    {
        var sender = CreateTestProbe();
        for (var i = 1; i <= 6; i++) sender.Send(TestActor, i);
        ExpectMsgFrom(sender.Ref, 1);
        Assert.Equal(sender.Ref, LastSender);
        Assert.Equal(1, LastMessage);
        ExpectMsgFrom<int>(sender.Ref);
        ExpectMsgFrom<int>(sender.Ref, n => n == 3);
        ExpectMsg<int>((n, from) => n == 4 && from.Equals(sender.Ref));
        Assert.ThrowsAny<Exception>(() => ExpectMsgFrom(TestActor, 5));
        // Akka.NET 1.5.30 always fails here: it formats its message with arguments that it does not give.
        if (BundledFactAttribute.IsBundled)
            ExpectMsgFrom<int>(from => from.Equals(sender.Ref), n => n == 6);
    }

    [Fact]
    public void Several_messages_can_be_expected_in_any_order()
    {
        Get(2, 1, 3);
        Assert.Equal([2, 1, 3], ExpectMsgAllOf([1, 2, 3]));
        Get("b");
        Assert.Equal("b", ExpectMsgAnyOf(["a", "b"]));
        Get(1, 1, 4);
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf(Short, [1, 1, 2]));
        Get("c");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAnyOf(["a", "b"]));
    }

    [Fact]
    public void The_end_of_an_actor_can_be_expected()
    {
        var actor = Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props);
        Watch(actor);
        Sys.Stop(actor);
        Assert.Equal(actor, ExpectTerminated(actor).ActorRef);
    }

    [Fact]
    public void An_actor_no_longer_watched_ends_silently()
    {
        var actor = Sys.ActorOf(Akka.TestKit.TestActors.BlackHoleActor.Props);
        var probe = CreateTestProbe();
        Watch(actor);
        probe.Watch(actor);
        Unwatch(actor);
        Sys.Stop(actor);
        probe.ExpectTerminated(actor);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void What_the_test_sends_comes_from_the_test_actor()
    {
        var echo = Sys.ActorOf(Akka.TestKit.TestActors.SimpleEchoActor.Props());
        echo.Tell("hello");
        ExpectMsgFrom(echo, "hello");
    }

    [Fact]
    public async Task It_still_does_after_an_await()
    {
        var echo = Sys.ActorOf(Akka.TestKit.TestActors.SimpleEchoActor.Props());
        echo.Tell(1);
        await ExpectMsgAsync(1);
        await Task.Yield();
        echo.Tell(2);
        await ExpectMsgFromAsync(echo, 2);
    }
}

public class NoImplicitSenderTests : Akka.TestKit.Xunit2.TestKit, INoImplicitSender
{
    [Fact]
    public void What_the_test_sends_comes_from_nobody_if_it_wants_that()
    {
        TestActor.Tell("hello");
        ExpectMsg<string>((_, sender) => sender is null || sender.IsNobody() || sender.Equals(Sys.DeadLetters));
    }
}
