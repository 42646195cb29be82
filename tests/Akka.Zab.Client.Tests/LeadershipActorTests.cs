using System.Threading.Channels;
using Akka.Actor;
using Akka.TestKit;
using Akka.Zab.Client.Leadership;

namespace Akka.Zab.Client.Tests;

/// <summary>What the candidate of an election is told; the election is played by the test, in virtual time.</summary>
public class LeadershipActorTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<Ballot> _ballots = Channel.CreateUnbounded<Ballot>();
    private readonly TestProbe _candidate;

    public LeadershipActorTests() : base("""
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        akka.loglevel = OFF
        """) => _candidate = CreateTestProbe();

    /// <summary>One time that it stands.</summary>
    private sealed class Ballot(CancellationToken withdrawn)
    {
        private readonly CancellationTokenSource _lost = new();

        public TaskCompletionSource<Lead> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Releasing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Withdrawn => withdrawn;

        public bool IsHeld { get; set; } = true;

        public void Win(long token) => Answer.SetResult(new Lead(token, () => IsHeld, _lost.Token, () =>
        {
            Releasing.SetResult();
            return Released.Task;
        }));

        public void Lose() => _lost.Cancel();
    }

    [Fact]
    public async Task Who_wins_is_told_and_who_loses_is_told_and_stands_again_with_a_new_token()
    {
        Start();
        var first = await Next();
        _candidate.ExpectNoMsg(TimeSpan.Zero);
        first.Win(7);
        Expect(new BecomeLeader("/e", 7));
        first.Lose();
        Expect(new LostLeadership("/e", 7));
        await first.Releasing.Task.WaitAsync(Patience);
        Assert.False(_ballots.Reader.TryRead(out _));
        first.Released.SetResult();
        (await Next()).Win(9);
        Expect(new BecomeLeader("/e", 9));
    }

    [Fact]
    public async Task A_lead_that_was_lost_before_anybody_was_told_of_it_is_not_told()
    {
        Start();
        var first = await Next();
        first.IsHeld = false;
        first.Win(7);
        await first.Releasing.Task.WaitAsync(Patience);
        first.Released.SetResult();
        (await Next()).Win(8);
        Expect(new BecomeLeader("/e", 8));
    }

    [Fact]
    public async Task Who_resigns_is_told_before_anybody_else_can_lead_and_stands_again_when_asked()
    {
        var leadership = Start();
        var first = await Next();
        first.Win(7);
        Expect(new BecomeLeader("/e", 7));
        leadership.Tell(Resign.Instance);
        leadership.Tell(Resign.Instance);
        await first.Releasing.Task.WaitAsync(Patience);
        Assert.Equal(new LostLeadership("/e", 7), _candidate.ExpectMsg<object>(TimeSpan.Zero));
        first.Lose();
        first.Released.SetResult();
        leadership.Tell(StandAgain.Instance);
        (await Next()).Win(8);
        Expect(new BecomeLeader("/e", 8));
    }

    [Fact]
    public async Task Who_resigns_before_winning_withdraws_and_what_is_won_nevertheless_is_given_up()
    {
        var leadership = Start();
        var first = await Next();
        leadership.Tell(Resign.Instance);
        await Cancelled(first.Withdrawn);
        first.Win(7);
        await first.Releasing.Task.WaitAsync(Patience);
        leadership.Tell(StandAgain.Instance);
        (await Next()).Win(8);
        Expect(new BecomeLeader("/e", 8));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_death_of_the_candidate_gives_up_the_lead_or_the_place_in_the_line(bool leads)
    {
        var leadership = Start();
        Watch(leadership);
        var first = await Next();
        if (leads)
        {
            first.Win(7);
            Expect(new BecomeLeader("/e", 7));
        }
        Sys.Stop(_candidate.Ref);
        if (leads) await first.Releasing.Task.WaitAsync(Patience);
        else await Cancelled(first.Withdrawn);
        ExpectTerminated(leadership, Patience);
    }

    [Fact]
    public async Task To_stop_it_gives_up_the_lead_and_tells_the_candidate()
    {
        var leadership = Start();
        var first = await Next();
        first.Win(7);
        Expect(new BecomeLeader("/e", 7));
        Sys.Stop(leadership);
        Expect(new LostLeadership("/e", 7));
        await first.Releasing.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task The_end_of_the_session_is_the_end_of_it()
    {
        var leadership = Start();
        Watch(leadership);
        (await Next()).Answer.SetException(ZabException.For(ZabError.SessionExpired));
        Expect(new LeadershipOver("/e", ZabError.SessionExpired));
        ExpectTerminated(leadership, Patience);
    }

    [Fact]
    public async Task A_failure_that_passes_is_tried_again_after_a_second()
    {
        Start();
        (await Next()).Answer.SetException(ZabException.For(ZabError.OperationTimeout));
        Ballot? second = null;
        await AwaitAssertAsync(() =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
            Assert.True(_ballots.Reader.TryRead(out second));
        }, Patience);
        second!.Win(8);
        Expect(new BecomeLeader("/e", 8));
    }

    private IActorRef Start()
    {
        Func<CancellationToken, Task<Lead>> stand = withdrawn =>
        {
            var ballot = new Ballot(withdrawn);
            _ballots.Writer.TryWrite(ballot);
            return ballot.Answer.Task;
        };
        return Sys.ActorOf(Props.Create(typeof(LeadershipActor), "/e", _candidate.Ref, stand));
    }

    private Task<Ballot> Next() => _ballots.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private void Expect(object message) => Assert.Equal(message, _candidate.ExpectMsg<object>(Patience));

    private static Task Cancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(cancelled.SetResult);
        return cancelled.Task.WaitAsync(Patience);
    }
}
