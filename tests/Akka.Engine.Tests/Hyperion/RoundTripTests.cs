using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Hyperion;

namespace Akka.Engine.Tests.Hyperion;

public class RoundTripTests
{
    // Hyperion 0.12.2 initialises SerializerOptions.Default too early to be of use itself; what is derived from it works.
    private static readonly Serializer Plain = new(SerializerOptions.Default.WithVersionTolerance(false));
    private static readonly Serializer Full =
        new(SerializerOptions.Default.WithPreserveObjectReferences(true).WithVersionTolerance(true));

    public static TheoryData<object> Values => new(
        true, (byte)1, (sbyte)-1, (short)-2, (ushort)65535, 'ä', int.MinValue, uint.MaxValue, long.MinValue,
        ulong.MaxValue, float.Epsilon, double.NaN, decimal.MinValue, 79228162514264337593543950335m,
        new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc), DateTime.MaxValue, DateTimeOffset.MaxValue,
        TimeSpan.MinValue, Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), "", "text", new string('€', 5000),
        Array.Empty<byte>(), new byte[] { 1, 2, 3 }, new[] { 1, -1 }, new[] { "a", null, "b" }, new[] { true, false },
        Colour.Green, new Point(3, -4), (1, "two"), Tuple.Create(1, 2.0), new[] { new[] { 1 }, new[] { 2, 3 } },
        new List<int> { 1, 2, 3 }, new List<string?> { "x", null }, new Dictionary<string, int> { ["a"] = 1 },
        ImmutableArray.Create(1, 2, 3), ImmutableArray<string>.Empty, ImmutableList.Create("a", "b"),
        ImmutableHashSet.Create(1, 2), ImmutableDictionary<string, int>.Empty.Add("k", 1), typeof(int),
        typeof(Dictionary<string, Dog>), new Dog("Rex", 4), new KeyValuePair<string, int>("key", 1));

    public static TheoryData<object> RareValues => new(
        new DateTime(1, DateTimeKind.Local), new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.FromHours(-11)),
        new Nothing[2], new HashSet<int> { 4, 5 }, new SortedSet<int> { 5, 4 }, new Queue<int>([1, 2]),
        new Stack<int>([1, 2]), new LinkedList<int>([7, 8]), new SortedDictionary<int, string> { [2] = "b", [1] = "a" },
        new ConcurrentDictionary<string, int>(new Dictionary<string, int> { ["z"] = 26 }),
        new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["a"] = 1 },
        ImmutableSortedSet.Create("b", "a"), ImmutableSortedDictionary<int, int>.Empty.Add(1, 2),
        new Version(1, 2, 3), IPAddress.Loopback);

    [BundledTheory]
    [MemberData(nameof(RareValues), DisableDiscoveryEnumeration = true)]
    public void A_rarer_value_comes_back_equal(object value) => A_value_comes_back_equal(value);

    [BundledFact]
    public void A_dictionary_keeps_its_comparer() => Assert.Equal(1, Copy(
        Plain, new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["key"] = 1 })["KEY"]);

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public void A_value_comes_back_equal(object value)
    {
        foreach (var serializer in new[] { Plain, Full })
        {
            var back = Copy(serializer, value);
            Assert.Equal(value.GetType(), back.GetType());
            Assert.Equal(value, back);
        }
    }

    [Fact]
    public void Every_kind_of_field_comes_back_equal()
    {
        var value = new Everything(
            true, 1, -1, -2, 3, 'c', -4, 5, -6, 7, 8.5f, 9.5, 10.5m, DateTime.UnixEpoch, DateTimeOffset.UnixEpoch,
            TimeSpan.FromDays(1), Guid.Empty, "text", [1, 2], Colour.Green, 11, Colour.Red, new Point(1, 2),
            new Point(3, 4), new Dog("Rex", 3), [1, 2], ["a", null]);
        foreach (var serializer in new[] { Plain, Full })
        {
            var back = Copy(serializer, value);
            Assert.Equal(value.Numbers, back.Numbers);
            Assert.Equal(value.Words, back.Words);
            Assert.Equal(value.Data, back.Data);
            Assert.Equal(value, back with { Numbers = value.Numbers, Words = value.Words, Data = value.Data });
        }
    }

    [Fact]
    public void Absent_values_stay_absent()
    {
        var back = Copy(Full, new Everything(
            false, 0, 0, 0, 0, '\0', 0, 0, 0, 0, 0, 0, 0, default, default, default, default, null, null, default,
            null, null, default, null, null, [], []));
        Assert.Null(back.Text);
        Assert.Null(back.Data);
        Assert.Null(back.Maybe);
        Assert.Null(back.MaybeTint);
        Assert.Null(back.MaybePlace);
        Assert.Null(back.Any);
    }

    [Fact]
    public void The_members_of_a_collection_keep_their_own_types()
    {
        var rex = new Dog("Rex", 4);
        var back = Copy(Full, new Kennel(rex, [new Animal("any"), rex], new() { ["rex"] = rex }));
        Assert.IsType<Dog>(back.First);
        Assert.Equal([new Animal("any"), rex], back.All.ToArray());
        Assert.Same(back.First, back.All[1]);
        Assert.Same(back.First, back.ByName["rex"]);
    }

    [BundledFact]
    public void An_uninitialised_immutable_array_stays_uninitialised() =>
        Assert.True(Copy(Plain, new Kennel(new Animal("a"), default, [])).All.IsDefault);

    [Fact]
    public void Private_fields_of_base_classes_and_init_only_fields_are_restored()
    {
        var back = Copy(Plain, new Derived(42, "open"));
        Assert.Equal(42, back.Secret);
        Assert.Equal("open", back.Open);
    }

    [Fact]
    public void A_field_marked_as_ignored_is_left_out()
    {
        var back = Copy(Plain, new Opinion { Kept = 1, Dropped = 2 });
        Assert.Equal(1, back.Kept);
        Assert.Equal(0, back.Dropped);
    }

    [Fact]
    public void A_cycle_comes_back_as_a_cycle()
    {
        var node = new Node();
        node.Next = new Node { Next = node };
        node.Others.AddRange([node, node.Next]);
        var back = Copy(Full, node);
        Assert.Same(back, back.Next!.Next);
        Assert.Same(back, back.Others[0]);
        Assert.Same(back.Next, back.Others[1]);
    }

    [Fact]
    public void More_objects_than_a_linear_search_would_bear_keep_their_identity()
    {
        var nodes = Enumerable.Range(0, 1000).Select(_ => new Node()).ToArray();
        var back = Copy(Full, nodes.Concat(nodes).ToArray());
        Assert.Equal(1000, back.Distinct().Count());
        for (var i = 0; i < 1000; i++) Assert.Same(back[i], back[i + 1000]);
    }

    [BundledFact]
    public void An_exception_keeps_its_type_message_trace_cause_and_own_fields()
    {
        OwnException thrown;
        try
        {
            throw new OwnException("outer", 7, new InvalidOperationException("inner"));
        }
        catch (OwnException e)
        {
            thrown = e;
        }
        var back = Copy(Full, thrown);
        Assert.Equal("outer", back.Message);
        Assert.Equal("inner", Assert.IsType<InvalidOperationException>(back.InnerException).Message);
        Assert.Equal(7, back.Code);
        Assert.Contains(nameof(An_exception_keeps_its_type_message_trace_cause_and_own_fields), back.StackTrace);
    }

    [Fact]
    public void A_surrogate_takes_the_place_of_an_object_anywhere()
    {
        var serializer = new Serializer(SerializerOptions.Default.WithSurrogates(
        [
            Surrogate.Create<Secretive, SecretiveOnWire>(
                from => new SecretiveOnWire(string.Concat(from.Word.Reverse())),
                to => new Secretive(string.Concat(to.Backwards.Reverse()))),
        ]));
        Assert.Equal("word", Copy(serializer, new Secretive("word")).Word);
        var back = Copy(serializer, new Envelope(new Secretive("one"), new Secretive("two")));
        Assert.Equal("one", back.Content.Word);
        Assert.Equal("two", Assert.IsType<Secretive>(back.Other).Word);
    }

    [Fact]
    public void A_known_type_travels_without_its_name()
    {
        var known = new Serializer(SerializerOptions.Default.WithKnownTypes([typeof(Dog)]));
        Assert.Equal(new Dog("Rex", 4), Copy(known, new Dog("Rex", 4)));
        Assert.True(Bytes(known, new Dog("Rex", 4)).Length < 20);
    }

    [Fact]
    public void Objects_follow_each_other_in_one_stream()
    {
        using var stream = new MemoryStream();
        Plain.Serialize("one", stream);
        Plain.Serialize(new Dog("Rex", 2), stream);
        stream.Position = 0;
        Assert.Equal("one", Plain.Deserialize<string>(stream));
        Assert.Equal(new Dog("Rex", 2), Plain.Deserialize<Dog>(stream));
    }

    [Fact]
    public void Many_threads_may_share_a_serializer_that_knows_no_type_yet()
    {
        var serializer = new Serializer(SerializerOptions.Default.WithPreserveObjectReferences(true));
        Parallel.For(0, 200, i =>
        {
            var rex = new Dog("Rex", i);
            Assert.Equal(rex, Copy(serializer, new Kennel(rex, [rex], new() { ["r"] = rex })).All[0]);
        });
    }

    internal static T Copy<T>(Serializer serializer, T value) where T : notnull
    {
        using var stream = new MemoryStream(Bytes(serializer, value));
        return serializer.Deserialize<T>(stream);
    }

    internal static byte[] Bytes(Serializer serializer, object value)
    {
        using var stream = new MemoryStream();
        serializer.Serialize(value, stream);
        return stream.ToArray();
    }
}
