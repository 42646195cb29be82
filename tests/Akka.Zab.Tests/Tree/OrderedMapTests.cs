using System.Runtime.CompilerServices;
using System.Text;
using Akka.Zab.Tree;
using FsCheck.Fluent;

namespace Akka.Zab.Tests.Tree;

/// <summary>The map against <see cref="SortedDictionary{TKey,TValue}"/>, with many versions of it alive.</summary>
public class OrderedMapTests
{
    // Prefixes in common, names that are prefixes of others, and names that differ late.
    private static readonly Func<int, string>[] Shapes =
    [
        i => i.ToString("D9"), i => "node-" + i.ToString("D10"), i => new string('x', i % 40),
        i => "aaaa" + (char)(0x21 + (i % 90)), i => ((uint)i * 2654435761u).ToString("x8"),
        i => "a-very-long-prefix-that-all-have" + (i % 300) + "and-a-tail",
    ];

    [Fact]
    public void Every_version_holds_what_was_put_in() => Generators.Holds(
        Arb.From(
            Gen.Sized(size => Gen.Choose(0, Shapes.Length).SelectMany(shape => Gen.Choose(-1, 1).SelectMany(direction =>
                (from step in Gen.Choose(0, 20) from number in Gen.Choose(0, 60 + (size * 10)) select (step, number))
                .ArrayOf(size * 15).Select(steps => Named(steps, shape, direction))))),
            Generators.Shrunk),
        steps =>
        {
            var map = default(OrderedMap<Znode, ZnodeHead>);
            var model = new SortedDictionary<string, int>(StringComparer.Ordinal);
            var versions = new List<(OrderedMap<Znode, ZnodeHead> Map, string[] Names)>();
            var owner = new object();
            foreach (var (step, name) in steps)
            {
                var bytes = Encoding.UTF8.GetBytes(name);
                switch (step)
                {
                    case 0:
                        versions.Add((map, [.. model.Select(m => m.Key + "=" + m.Value)]));
                        owner = new object();
                        break;
                    case < 12:
                        var item = new Znode(ZnodeHead.Pack(bytes, default), new byte[step]);
                        Assert.Equal(model.TryAdd(name, step), map.Add(item, new NameProbe(bytes), owner));
                        break;
                    case < 15:
                        ref var found = ref map.FindForChange(new NameProbe(bytes), owner);
                        Assert.Equal(model.ContainsKey(name), !Unsafe.IsNullRef(in found));
                        if (model.ContainsKey(name))
                        {
                            found.Body = new byte[step];
                            model[name] = step;
                        }

                        break;
                    default:
                        Assert.Equal(model.Remove(name), map.Remove(new NameProbe(bytes), owner));
                        break;
                }
            }

            versions.Add((map, [.. model.Select(m => m.Key + "=" + m.Value)]));
            foreach (var (version, names) in versions)
                Holds(version, names);
        },
        tests: 80);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whole_ranges_come_and_go(int seed)
    {
        var random = new Random(seed);
        var map = default(OrderedMap<Session, SessionKey>);
        var model = new SortedSet<int>();
        var owner = new object();
        for (var step = 0; step < 60; step++)
        {
            var range = Enumerable.Range(random.Next(9000), random.Next(1, 2500))
                .Where(_ => random.Next(4) > 0).ToArray();
            if (random.Next(3) == 0)
                Array.Reverse(range);
            else if (random.Next(2) == 0)
                random.Shuffle(range);
            var adding = random.Next(5) < 2;
            foreach (var i in range)
            {
                if (adding)
                    Assert.Equal(model.Add(i), map.Add(new Session(i, null!), new SessionKey(i), owner));
                else
                    Assert.Equal(model.Remove(i), map.Remove(new SessionKey(i), owner));
            }

            var held = new List<int>();
            foreach (ref readonly var item in map)
                held.Add((int)item.Id);
            Assert.Equal(model, held);
            Assert.Equal(model.Count, map.Count);
            foreach (var i in model)
                Assert.False(Unsafe.IsNullRef(in map.Find(new SessionKey(i))));
            owner = new object();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_map_that_is_emptied_from_one_end_ends_empty(int direction)
    {
        var map = default(OrderedMap<Session, SessionKey>);
        var owner = new object();
        const int Many = 5000;
        for (var i = 0; i < Many; i++)
            Assert.True(map.Add(new Session(i, null!), new SessionKey(i), owner));
        for (var i = 0; i < Many; i++)
        {
            Assert.Equal(Many - i, map.Count);
            Assert.True(map.Remove(new SessionKey(direction > 0 ? i : Many - 1 - i), owner));
        }

        Assert.False(map.GetEnumerator().MoveNext());
        Assert.True(map.Add(new Session(7, null!), new SessionKey(7), owner));
    }

    // All names of one shape or mixed; at random, or mostly in order, or mostly in reverse.
    private static (int Step, string Name)[] Named((int Step, int Number)[] steps, int shape, int direction)
    {
        var named = new (int Step, string Name)[steps.Length];
        for (var at = 0; at < steps.Length; at++)
        {
            var (step, number) = steps[at];
            var name = Shapes[shape < Shapes.Length ? shape : number % shape];
            named[at] = (step, name(direction == 0 || number % 4 == 0 ? number : 5000 + (direction * at)));
        }

        return named;
    }

    private static void Holds(OrderedMap<Znode, ZnodeHead> map, string[] expected)
    {
        var actual = new List<string>();
        foreach (ref readonly var item in map)
        {
            actual.Add(item.Head.NameString + "=" + item.Data!.Length);
            Assert.False(Unsafe.IsNullRef(in map.Find(new NameProbe(item.Head.Name))));
        }

        Assert.Equal(expected, actual);
        Assert.Equal(expected.Length, map.Count);
    }
}
