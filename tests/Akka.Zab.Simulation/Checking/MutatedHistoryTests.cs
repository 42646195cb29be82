using Akka.Zab.Client;

namespace Akka.Zab.Simulation.Checking;

/// <summary>
/// Right histories with one thing changed at random that no right ensemble can have said. The clients' own words are
/// enough to find it: nothing is known of what was committed.
/// </summary>
public class MutatedHistoryTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_version_that_was_never_reached_is_found(int seed)
    {
        var operations = History(seed);
        Assert.Empty(ClientChecks.Linearizable(operations));

        Change(operations, seed, operation => operation.Reply is DataReply or StatReply, operation => operation with
        {
            Reply = operation.Reply switch
            {
                DataReply data => data with { Stat = data.Stat with { Version = data.Stat.Version + 1000 } },
                _ => new StatReply(new Stat { Version = 1000 }),
            },
        });

        Assert.NotEmpty(ClientChecks.Linearizable(operations));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_write_whose_answer_was_changed_to_a_refusal_is_found_where_it_was_read(int seed)
    {
        var operations = History(seed);
        var shown = operations.Select(operation => operation.Reply).OfType<DataReply>()
            .Select(data => Values.In(data.Data)).ToHashSet();

        Change(
            operations, seed,
            operation => operation is { Request: SetData set, Reply: StatReply } && shown.Contains(Values.In(set.Data)),
            operation => operation with { Reply = new ErrorReply(ZabError.BadVersion) });

        Assert.NotEmpty(ClientChecks.Linearizable(operations));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_read_that_is_moved_behind_two_writes_is_found(int seed)
    {
        var operations = History(seed);

        Change(operations, seed, operation => operation is { Request: GetData, Reply: DataReply }, operation =>
        {
            var later = operations.Where(other => other.Call > operation.Return && other.Request is SetData set
                && set.Path == ((GetData)operation.Request).Path && other.Reply is StatReply).Take(2).ToArray();
            return later.Length < 2 ? null : operation with
            {
                // Of a session of its own, so that nothing but real time speaks against it.
                Session = 0x999,
                Lane = 0x999,
                Call = later[^1].Return + 1,
                Return = later[^1].Return + 2,
            };
        });

        Assert.NotEmpty(ClientChecks.Linearizable(operations));
    }

    private static List<Operation> History(int seed)
    {
        var ensemble = new ImaginaryEnsemble(seed).Run(1500);
        return Operations.Of(ensemble.Events, ensemble.Committed);
    }

    private static void Change(
        List<Operation> operations, int seed, Func<Operation, bool> fits, Func<Operation, Operation?> change)
    {
        var random = new Random(seed);
        for (var tries = 0; tries < 100_000; tries++)
        {
            var at = random.Next(operations.Count);
            if (fits(operations[at]) && change(operations[at]) is { } changed)
            {
                operations[at] = changed;
                return;
            }
        }

        Assert.Fail("nothing in the history can be changed like that");
    }
}
