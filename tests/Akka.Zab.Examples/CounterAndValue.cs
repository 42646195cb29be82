namespace Akka.Zab.Examples;

/// <summary>A number, and a value, that all processes share and change without losing a change.</summary>
public class CounterAndValue(Ensembles ensembles) : Example(ensembles)
{
    [Theory, MemberData(nameof(Everywhere))]
    public async Task Everybody_counts(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var visitors = new ZabCounter(zab, "/visitors");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => visitors.AddAsync(1, Stop)));
        Assert.Equal(10, await visitors.GetAsync(Stop));
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Everybody_changes_a_value(Via via)
    {
        await using var zab = await ConnectAsync(via);
        var names = new ZabValue(zab, "/names");

        // Called again with the newer value when another was faster: no effects besides the result.
        await Task.WhenAll(
            names.UpdateAsync(present => Bytes(Text(present) + "anna "), Stop),
            names.UpdateAsync(present => Bytes(Text(present) + "ben "), Stop));

        var both = Text((await names.GetAsync(Stop)).Data).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["anna", "ben"], both.Order());
    }
}
