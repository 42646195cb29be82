namespace Akka.Zab.Examples;

/// <summary>Several services do it all or none, and nobody waits for the dead.</summary>
public class TwoPhaseCommit(Ensembles ensembles) : Example(ensembles)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory, MemberData(nameof(Everywhere))]
    public async Task All_or_none(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var orders = new ZabTwoPhaseCommit(zab, "/orders");
        await orders.BeginAsync("order-1", ["stock", "payment"], Bytes("3 apples"), Stop);

        async Task<Decision> TakePartAsync(string name, bool can)
        {
            var what = Text(await orders.GetDataAsync("order-1", Stop));
            Assert.Equal("3 apples", what);
            // First, durably: what it takes to do it and to undo it. Then the vote; then what was decided.
            return await orders.VoteAsync("order-1", name, can, Patience, Stop);
        }

        // The service that began it may be gone by now.
        var decisions = await Task.WhenAll(TakePartAsync("stock", true), TakePartAsync("payment", true));
        Assert.All(decisions, decision => Assert.Equal(Decision.Commit, decision));
        await orders.ForgetAsync("order-1", Stop);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Nobody_waits_for_the_dead(Via via)
    {
        await using var bank = await ConnectAsync(via);
        await using (var coordinator = await ConnectAsync(via))
        {
            await new ZabTwoPhaseCommit(coordinator, "/transfers")
                .BeginAsync("t-2", ["bank", "shop"], Bytes("10 to the shop"), Stop);
        } // it dies, and the shop never votes

        var transfers = new ZabTwoPhaseCommit(bank, "/transfers");
        var patience = TimeSpan.FromMilliseconds(100);
        Assert.Equal(Decision.Abort, await transfers.VoteAsync("t-2", "bank", yes: true, patience, Stop));
        // Whoever comes late gets the same decision, whatever it votes.
        Assert.Equal(Decision.Abort, await transfers.VoteAsync("t-2", "shop", yes: true, patience, Stop));
    }
}
