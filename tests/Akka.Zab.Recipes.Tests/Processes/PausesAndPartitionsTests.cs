using System.Globalization;

namespace Akka.Zab.Recipes.Tests.Processes;

/// <summary>
/// Whoever holds something is killed, or stopped or cut off for longer than its session lasts, in processes of their
/// own: somebody else gets it, nobody comes with the same token or is believed with a lower one, and the one that was
/// away is back. <c>RECIPE_ROUNDS</c> says how often; otherwise once, and only against this server.
/// </summary>
[Collection(EnsemblesCollection.Name)]
public class PausesAndPartitionsTests(Ensembles ensembles)
{
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(1);

    public static TheoryData<Via, string> Contests => Of(Rounds > 1 ? Ensembles.All : [Via.Akka, Via.Wire]);

    /// <summary>Those with a proxy, which Akka's messages, sent to an address, do not go through.</summary>
    public static TheoryData<Via, string> OverTheWire => Of(Rounds > 1 ? Ensembles.OverTheWire : [Via.Wire]);

    private static int Rounds => int.TryParse(
        Environment.GetEnvironmentVariable("RECIPE_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        ? n
        : 1;

    [Theory, MemberData(nameof(Contests))]
    public async Task A_holder_that_is_stopped_for_longer_than_its_session_lasts_is_not_believed(Via via, string recipe)
    {
        await using var contest = await StartAsync(via, recipe);
        for (var round = 0; round < Rounds; round++)
        {
            var holder = await contest.TakenAsync(_ => true);
            contest.Pause(holder);
            // The others get it all the same, which they can only when the session is over, or it was let go just before.
            var others = Task.Delay(SessionTimeout * 1.5);
            do await contest.TakenAsync(who => who != holder);
            while (!others.IsCompleted);
            contest.Resume(holder);
            await contest.TakenAsync(who => who == holder);
        }
        AssertFew(contest.Refused);
    }

    [Theory, MemberData(nameof(Contests))]
    public async Task A_holder_that_is_killed_has_a_successor_and_one_who_comes_in_its_place_gets_on(
        Via via, string recipe)
    {
        await using var contest = await StartAsync(via, recipe);
        for (var round = 0; round < Rounds; round++)
        {
            var holder = await contest.TakenAsync(_ => true);
            contest.Kill(holder);
            await contest.TakenAsync(who => who != holder);
            var next = contest.Add();
            await contest.TakenAsync(who => who == next);
        }
        AssertFew(contest.Refused);
    }

    [Theory, MemberData(nameof(OverTheWire))]
    public async Task A_holder_that_is_cut_off_for_longer_than_its_session_lasts_is_not_believed(Via via, string recipe)
    {
        await using var contest = await StartAsync(via, recipe);
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var fault in new[] { Fault.Reset, Fault.Stall, Fault.Drop })
            {
                var holder = await contest.TakenAsync(_ => true);
                contest.Proxies[holder].Become(fault);
                var others = Task.Delay(SessionTimeout * 1.5);
                do await contest.TakenAsync(who => who != holder);
                while (!others.IsCompleted);
                contest.Proxies[holder].Become(Fault.None);
                await contest.TakenAsync(who => who == holder);
            }
        }
        AssertFew(contest.Refused);
    }

    // The protocol of both servers is the same, so the other one only where there is time.
    private static TheoryData<Via, string> Of(TheoryData<Via> ways)
    {
        var contests = new TheoryData<Via, string>();
        foreach (var row in (IEnumerable<object[]>)ways)
            foreach (var recipe in new[] { "mutex", "shared-lock", "semaphore", "election" })
                contests.Add((Via)row[0], recipe);
        return contests;
    }

    private async Task<Contest> StartAsync(Via via, string recipe) => await Contest.StartAsync(
        recipe, via == Via.Akka ? ensembles.RemoteAddress : ensembles.Address(via), await ensembles.RootAsync(via),
        SessionTimeout);

    // Between the look at the clock and the use a process may be stopped; then its token is refused. More than that
    // would be no accident.
    private static void AssertFew(int refused) => Assert.InRange(refused, 0, 3 * Rounds);
}
