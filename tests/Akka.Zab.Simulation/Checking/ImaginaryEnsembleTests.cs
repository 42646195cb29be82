namespace Akka.Zab.Simulation.Checking;

/// <summary>The checkers find nothing in right histories, and something in wrong ones.</summary>
public class ImaginaryEnsembleTests
{
    private const int Steps = 2000;

    [Fact]
    public void In_the_histories_of_a_right_ensemble_nothing_is_found()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var ensemble = new ImaginaryEnsemble(seed).Run(Steps);

            Assert.True(ensemble.Violations() is [], $"seed {seed}: {ensemble.Violations().FirstOrDefault()}");
        }
    }

    [Theory]
    [InlineData(Wrong.AcknowledgedAndLost, "a write is answered by its own transaction, and no other is")]
    [InlineData(Wrong.AcknowledgedAndLost, "writes and synced reads are linearizable")]
    [InlineData(Wrong.StaleSyncedRead, "what is linearizable comes after everything that was seen before it began")]
    [InlineData(Wrong.StaleSyncedRead, "writes and synced reads are linearizable")]
    [InlineData(Wrong.BackInTime, "a session never goes back in time")]
    [InlineData(Wrong.AheadOfOwnWrite, "a session never goes back in time")]
    [InlineData(Wrong.StateThatNeverWas, "a read shows a state that was")]
    [InlineData(Wrong.EventMissed, "every change that a watch waits for is told, before an answer shows it")]
    [InlineData(Wrong.EventTwice, "nothing is told but what a watch waits for, once and in order")]
    [InlineData(Wrong.EventAfterRead, "every change that a watch waits for is told, before an answer shows it")]
    [InlineData(Wrong.EventsOutOfOrder, "nothing is told but what a watch waits for, once and in order")]
    [InlineData(Wrong.SessionDiesEarly, "no session dies before its time")]
    [InlineData(Wrong.SessionLivesOn, "no session outlives its time")]
    [InlineData(Wrong.EphemeralStays, "ephemeral znodes go with their session, all at once")]
    [InlineData(Wrong.ToldTooEarly, "a client is told that its session has expired only when it has")]
    public void In_the_histories_of_a_wrong_one_it_is(Wrong wrong, string rule)
    {
        Assert.Contains(
            Enumerable.Range(1, 10),
            seed => new ImaginaryEnsemble(seed, wrong).Run(Steps).Violations().Any(found => found.Rule == rule));
    }
}
