namespace Akka.Zab.Examples;

/// <summary>Waiting for each other: at a gate, and around a computation.</summary>
public class Barriers(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_gate_that_somebody_opens(Via via)
    {
        await using var operations = await ConnectAsync(via);
        await using var worker = await ConnectAsync(via);
        await new ZabBarrier(operations, "/maintenance").CloseAsync(Stop);

        var waiting = new ZabBarrier(worker, "/maintenance").WaitAsync(Stop);
        await new ZabBarrier(operations, "/maintenance").OpenAsync(Stop);
        await waiting;
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Three_begin_and_end_together(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var (here, done) = (0, 0);

        async Task ComputeAsync()
        {
            Interlocked.Increment(ref here);
            var barrier = new ZabDoubleBarrier(zab, "/computations/42", parties: 3);
            await barrier.EnterAsync(Stop);
            Assert.Equal(3, here); // nobody begins before all are there
            Interlocked.Increment(ref done);
            await barrier.LeaveAsync(Stop);
            Assert.Equal(3, done); // nobody leaves before all are done
        }

        await Task.WhenAll(ComputeAsync(), ComputeAsync(), ComputeAsync());
    }
}
