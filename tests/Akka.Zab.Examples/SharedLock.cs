namespace Akka.Zab.Examples;

/// <summary>Many read or one writes; and reading first to write perhaps.</summary>
public class SharedLock(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Many_read_or_one_writes(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var reports = new ZabSharedLock(zab, "/locks/reports");

        var one = await reports.AcquireSharedAsync(Stop);
        var two = await reports.AcquireSharedAsync(Stop);
        var writing = reports.AcquireExclusiveAsync(Stop); // waits for both
        await one.DisposeAsync();
        await two.DisposeAsync();

        await using var writer = await writing;
        Assert.True(writer.FencingToken > two.FencingToken);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Read_and_then_write_without_letting_go(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var reading = await new ZabSharedLock(zab, "/locks/reports").AcquireUpgradeableAsync(Stop);

        // Others may read, too; nobody else can want to become a writer, so two never wait for each other.
        await using (var writing = await reading.UpgradeAsync(Stop))
            Assert.True(writing.IsHeld);

        Assert.True(reading.IsHeld); // a reader again
    }
}
