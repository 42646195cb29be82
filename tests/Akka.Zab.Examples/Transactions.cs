namespace Akka.Zab.Examples;

/// <summary>Several changes at once, or none of them.</summary>
public class Transactions(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Move_money_and_keep_a_record(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/anna", Bytes("5"), cancellation: Stop);
        await zab.CreateAsync("/ben", Bytes("5"), cancellation: Stop);
        await zab.CreateAsync("/log", null, cancellation: Stop);

        await zab.Transaction()
            .Set("/anna", Bytes("2"), version: 0) // only if nobody has changed it since it was read
            .Set("/ben", Bytes("8"), out var ben, version: 0)
            .Create("/log/entry-", Bytes("3 from anna to ben"), out var entry, CreateMode.PersistentSequential)
            .CommitAsync(Stop);

        Assert.Equal(1, ben.Value.Version);
        Assert.Equal("/log/entry-0000000000", entry.Value.Path);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_failure_says_which_operation_and_why(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await zab.CreateAsync("/anna", Bytes("5"), cancellation: Stop);

        var failure = await Assert.ThrowsAsync<ZabMultiException>(
            () => zab.Transaction().Set("/anna", Bytes("2")).Delete("/nobody").CommitAsync(Stop));

        Assert.Equal((1, "/nobody"), (failure.Operation, failure.Path));
        Assert.IsType<NoNodeException>(failure.InnerException);
        Assert.Equal("5", Text((await zab.GetDataAsync("/anna", cancellation: Stop)).Data));
    }
}
