using System.Text.Json.Serialization;

namespace Akka.Zab.Examples;

/// <summary>Settings that change while the application runs.</summary>
public partial class Configuration(Ensembles ensembles) : Example(ensembles)
{
    public sealed record Limits(int MailsPerHour);

    [JsonSerializable(typeof(Limits))]
    private sealed partial class Json : JsonSerializerContext;

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Follow_settings_of_a_type(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var limits = await ZabConfiguration<Limits>.StartAsync(zab, "/config", Json.Default.Limits, Stop);
        Assert.Null(limits.Current); // nobody has set any yet

        await limits.UpdateAsync(present => new Limits((present?.MailsPerHour ?? 0) + 100), Stop);

        await foreach (var now in limits.ReadAsync(Stop))
            if (now is { MailsPerHour: 100 }) break;
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Follow_one_znode(Via via)
    {
        await using var zab = await ConnectAsync(via);
        await using var operations = await ConnectAsync(via);
        await operations.SetOrCreateAsync("/config/limit", Bytes("10"),
            new CreateOptions { Parents = MissingParents.Create }, Stop);
        await zab.SyncAsync(Stop);

        var limits = new List<string>();
        await foreach (var state in zab.WatchDataAsync("/config/limit", Stop))
        {
            limits.Add(Text(state.Data));
            if (limits.Count == 2) break;
            await operations.SetDataAsync("/config/limit", Bytes("20"), cancellation: Stop);
        }

        Assert.Equal(["10", "20"], limits);
    }
}
