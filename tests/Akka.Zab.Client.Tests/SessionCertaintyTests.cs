namespace Akka.Zab.Client.Tests;

/// <summary>For how long a client may go by what it holds, with a session timeout of 12 s.</summary>
public class SessionCertaintyTests
{
    private readonly ManualTime _time = new();
    private readonly SessionCertainty _certainty;
    private readonly Queue<TaskCompletionSource> _syncs = new();
    private int _lapses;

    public SessionCertaintyTests()
    {
        _certainty = new SessionCertainty(_time);
        _certainty.Agreed(Seconds(12));
    }

    [Fact]
    public void Nothing_is_certain_before_the_leader_has_answered()
    {
        Assert.False(_certainty.IsCertain);
        _certainty.Hold(Lapsed, SyncAsync);
        Assert.Equal(1, _lapses);
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 6)]
    public void It_counts_from_when_the_question_was_sent(bool bySync, int seconds)
    {
        var sentAt = _certainty.Now;
        _time.Advance(Seconds(1));
        _certainty.Confirmed(sentAt, bySync);
        _time.Advance(Seconds(seconds - 1.001));
        Assert.True(_certainty.IsCertain);
        _time.Advance(Seconds(0.001));
        Assert.False(_certainty.IsCertain);
    }

    [Fact]
    public void An_earlier_question_that_is_answered_later_takes_nothing_away()
    {
        var earlier = _certainty.Now;
        _time.Advance(Seconds(3));
        _certainty.Confirmed(_certainty.Now, bySync: true);
        _certainty.Confirmed(earlier, bySync: true);
        _time.Advance(Seconds(5));
        Assert.True(_certainty.IsCertain);
    }

    [Fact]
    public void Who_holds_something_asks_six_times_in_a_timeout_and_one_question_at_a_time()
    {
        // So that what waits for an answer goes on within the call that gives it.
        SynchronizationContext.SetSynchronizationContext(null);
        _certainty.Confirmed(_certainty.Now, bySync: true);
        using var held = _certainty.Hold(Lapsed, SyncAsync);
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(Seconds(1.9));
            Assert.False(_syncs.TryDequeue(out _));
            _time.Advance(Seconds(0.1));
            Assert.True(_syncs.TryDequeue(out var asked));
            _certainty.Confirmed(_certainty.Now, bySync: true);
            asked.SetResult();
        }
        _time.Advance(Seconds(2));
        Assert.True(_syncs.TryDequeue(out _));
        _time.Advance(Seconds(3.9));
        Assert.Equal(0, _lapses);
        _time.Advance(Seconds(0.1));
        Assert.Equal(1, _lapses);
        Assert.False(_syncs.TryDequeue(out _));
    }

    [Fact]
    public void Who_was_stopped_for_too_long_holds_nothing_even_if_the_session_lives_on()
    {
        _certainty.Confirmed(_certainty.Now, bySync: true);
        using var held = _certainty.Hold(Lapsed, SyncAsync);
        _time.Stop(Seconds(7));
        // Before any timer has fired.
        Assert.False(_certainty.IsCertain);
        _certainty.Confirmed(_certainty.Now, bySync: true);
        Assert.Equal(1, _lapses);
        Assert.True(_certainty.IsCertain);
        _time.Advance(Seconds(20));
        Assert.Equal(1, _lapses);
    }

    [Fact]
    public void What_was_let_go_is_not_lost()
    {
        _certainty.Confirmed(_certainty.Now, bySync: true);
        _certainty.Hold(Lapsed, SyncAsync).Dispose();
        _time.Advance(Seconds(20));
        Assert.Equal(0, _lapses);
    }

    [Fact]
    public void A_session_that_is_over_holds_nothing_whatever_is_answered_late()
    {
        _certainty.Confirmed(_certainty.Now, bySync: true);
        using var held = _certainty.Hold(Lapsed, SyncAsync);
        _certainty.Over();
        Assert.Equal(1, _lapses);
        _certainty.Confirmed(_certainty.Now, bySync: true);
        Assert.False(_certainty.IsCertain);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Lapsed() => _lapses++;

    private Task SyncAsync()
    {
        var asked = new TaskCompletionSource();
        _syncs.Enqueue(asked);
        return asked.Task;
    }
}
