namespace Akka.Zab.Examples;

/// <summary>"Did it happen?": what to do when the connection breaks before the answer.</summary>
public class LostAnswers(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_create_that_finds_out_by_itself(Via via)
    {
        await using var zab = await ConnectAsync(via);

        // Exactly one, whatever breaks: its name has an id by which it is found again.
        var options = new CreateOptions
        {
            Mode = CreateMode.PersistentSequential,
            Parents = MissingParents.Create,
            Protected = true,
        };
        var order = await zab.CreateAsync("/orders/order-", Bytes("3 apples"), options, Stop);

        Assert.EndsWith("-order-0000000000", order.Path);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_write_that_is_safe_to_repeat(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var version = (await zab.CreateAsync("/limit", Bytes("10"), cancellation: Stop)).Stat.Version;
        while (true)
        {
            try
            {
                await zab.SetDataAsync("/limit", Bytes("20"), version, Stop);
                break;
            }
            catch (ConnectionLossException)
            {
                // It may have been done: then the next attempt finds another version.
            }
            catch (BadVersionException)
            {
                break; // done by the attempt before, or another was faster: read it, and decide
            }
        }
        Assert.Equal("20", Text((await zab.GetDataAsync("/limit", cancellation: Stop)).Data));
    }
}
