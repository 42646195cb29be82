using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Recipes.Tests;

/// <summary>Whom a ticket waits for. A line is written as kinds and places: <c>s1 x2 s3</c>.</summary>
public class LockRulesTests
{
    [Theory]
    [InlineData("x1", "x1", null)]
    [InlineData("x1 x2 x3", "x3", "x2")]
    [InlineData("x2 x3", "x2", null)]
    public void In_a_plain_line_each_waits_for_the_one_before(string line, string mine, string? before) =>
        Assert.Equal(before, Waits(LockRules.First, line, mine));

    [Theory]
    [InlineData("s1 s2 s3", "s3", null)]
    [InlineData("s1 x2 s3 s4", "s4", "x2")]
    [InlineData("x1 s2 x3 s4", "s4", "x3")]
    [InlineData("s1 x2", "x2", "s1")]
    [InlineData("x1 s2 x3", "x3", "s2")]
    [InlineData("u1 s2", "s2", null)]
    [InlineData("s1 u2", "u2", null)]
    [InlineData("u1 s2 u3", "u3", "u1")]
    [InlineData("x1 u2", "u2", "x1")]
    [InlineData("u1 x2", "x2", "u1")]
    [InlineData("u1 g2 s3", "s3", "g2")] // who upgrades keeps new readers out
    [InlineData("s1 u2 s3 g4", "g4", "s3")] // and waits for those who read
    [InlineData("s1 u2 x3 s4 g5", "g5", "s1")] // but not for readers behind a writer, who waits for him
    [InlineData("u1 x2 s3 g4", "g4", null)]
    [InlineData("u1 x2 g3 g4", "g4", "g3")] // who upgrades twice waits for himself
    public void Readers_writers_and_those_who_may_become_writers(string line, string mine, string? before) =>
        Assert.Equal(before, Waits(LockRules.SharedOrExclusive, line, mine));

    [Theory]
    [InlineData("exclusive-0123-0000000007", "exclusive", 7)]
    [InlineData("shared-0123--2147483648", "shared", int.MinValue)]
    public void A_ticket_is_read_from_its_name(string name, string kind, int place) =>
        Assert.Equal(new Ticket(name, kind, place), Ticket.Parse(name));

    [Theory]
    [InlineData("lock")]
    [InlineData("a-b-c")]
    [InlineData("-1")]
    public void What_is_no_ticket_is_passed_over(string name) => Assert.Null(Ticket.Parse(name));

    [Fact]
    public void A_line_whose_counter_has_run_over_stays_in_order() =>
        Assert.Equal(
            ["x-a-2147483646", "x-b-2147483647", "x-c--2147483648"],
            WaitingLine.Order(["x-c--2147483648", "x-a-2147483646", "other", "x-b-2147483647"])
                .Select(ticket => ticket.Name));

    private static string? Waits(WaitingLine.Rule rule, string text, string mine)
    {
        var line = text.Split(' ').Select(static word => new Ticket(word, Kind(word[0]), word[1] - '0')).ToList();
        return rule(line, line.Single(ticket => ticket.Name == mine))?.Name;
    }

    private static string Kind(char letter) => letter switch
    {
        's' => LockRules.Shared,
        'u' => LockRules.Upgradeable,
        'g' => LockRules.Upgrading,
        _ => LockRules.Exclusive,
    };
}
