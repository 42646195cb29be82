using System.Collections;
using Akka.Actor;
using Xunit.Sdk;

namespace Akka.Engine.Tests.TestKit;

public class ReceiveTests : Akka.TestKit.Xunit2.TestKit
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    void Get(params object[] messages)
    {
        foreach (var message in messages) TestActor.Tell(message);
    }

    [Fact]
    public void One_message_or_null()
    {
        Get("a");
        Assert.True(HasMessages);
        Assert.Equal("a", PeekOne(Short));
        Assert.Equal("a", ReceiveOne(Short));
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.Null(ReceiveOne(Short));
        Assert.False(HasMessages);
        Get("b");
        Assert.True(TryReceiveOne(out var envelope, Short));
        Assert.Equal("b", envelope.Message);
        Assert.Equal(TestActor, envelope.Sender);
    }

    [Fact]
    public void So_many_messages()
    {
        Get(1, "2", 3.0, 4);
        Assert.Equal([1, "2", 3.0], ReceiveN(3));
        Assert.ThrowsAny<XunitException>(() => ReceiveN(2, Short));
    }

    [Fact]
    public void Messages_while_a_predicate_holds()
    {
        Get(1, "other", 2, 3, 4);
        Assert.Equal([1, 2], ReceiveWhile<int>(n => n < 3, Short));
        ExpectMsg(3);
        Assert.Equal([4], ReceiveWhile<int>(_ => true, Short));
        Get("other", 5);
        Assert.Empty(ReceiveWhile<int>(_ => true, Short, shouldIgnoreOtherMessageTypes: false));
        ExpectMsg("other");
        ExpectMsg(5);
    }

    [Fact]
    public void Messages_while_a_function_has_a_result_for_them()
    {
        Get(1, 2, "end", 3);
        Assert.Equal(["1", "2"], ReceiveWhile<string>(Short, m => (m is int n ? n.ToString() : null)!));
        ExpectMsg("end");
        Assert.Equal([3], ReceiveWhile<object>(Short, m => m, msgs: 1));
    }

    [Fact]
    public void Fishing_drops_what_comes_before()
    {
        Get(1, 2, "fish", 3);
        var before = new ArrayList();
        Assert.Equal("fish", FishForMessage<string>(m => m == "fish", before));
        Assert.Equal([1, 2], before.Cast<int>());
        Assert.ThrowsAny<XunitException>(() => FishForMessage(m => m is string, Short));
    }

    [Fact]
    public async Task Fishing_can_be_awaited()
    {
        Get(1, "fish", 2, 3);
        Assert.Equal("fish", await FishForMessageAsync<string>(_ => true));
        var rest = await WaitForRadioSilenceAsync(Short);
        Assert.Equal([2, 3], rest.Cast<int>());
        Get(4, "unwanted");
        await Assert.ThrowsAnyAsync<XunitException>(() => FishUntilMessageAsync<string>(Short));
    }

    [Fact]
    public void Messages_can_be_ignored()
    {
        IgnoreMessages<string>(m => m == "boring");
        Get("boring", "interesting", "boring");
        ExpectMsg("interesting");
        ExpectNoMsg(TimeSpan.Zero);
        IgnoreNoMessages();
        Get("boring");
        ExpectMsg("boring");
    }

    [Fact]
    public void A_block_shares_its_limit_with_the_expectations_in_it()
    {
        Get("a");
        Assert.Equal("a", Within(TimeSpan.FromSeconds(3), () => ExpectMsg<string>()));
        Assert.ThrowsAny<XunitException>(() => Within(Short, () => ExpectMsg<string>()));
        Within(TimeSpan.FromSeconds(3), () => Assert.InRange(Remaining, TimeSpan.Zero, TimeSpan.FromSeconds(3)));
        Assert.Throws<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public async Task A_block_can_be_awaited_and_can_take_too_little_time()
    {
        Get("a");
        await WithinAsync(TimeSpan.FromSeconds(3), async () => await ExpectMsgAsync("a"));
        Assert.ThrowsAny<XunitException>(() => Within(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), () => { }));
    }

    [Fact]
    public void Conditions_and_assertions_are_repeated_until_they_hold()
    {
        var asked = 0;
        AwaitCondition(() => ++asked == 3, TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, asked);
        AwaitAssert(() => Assert.Equal(6, ++asked), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, Short));
        Assert.False(AwaitConditionNoThrow(() => false, Short));
        Assert.ThrowsAny<XunitException>(() => AwaitAssert(() => Assert.Fail("no"), Short));
    }

    [Fact]
    public async Task Conditions_can_be_awaited()
    {
        var asked = 0;
        await AwaitConditionAsync(
            () => Task.FromResult(++asked == 2), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        await AwaitAssertAsync(() => Assert.Equal(4, ++asked), TimeSpan.FromSeconds(3), TimeSpan.FromMilliseconds(1));
        Assert.Equal(4, asked);
    }
}

public class TimeFactorTests()
    : Akka.TestKit.Xunit2.TestKit("akka.test { timefactor = 2.5, single-expect-default = 4s }")
{
    [Fact]
    public void Limits_are_multiplied_by_the_configured_factor()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Dilated(TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(10), RemainingOrDefault);
        Assert.Equal(2.5, TestKitSettings.TestTimeFactor);
    }
}
