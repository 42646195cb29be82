using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Security;
using Hyperion;
using Hyperion.ValueSerializers;

namespace Akka.Engine.Tests.Hyperion;

public class RefusalTests
{
    private static readonly Serializer Open =
        new(SerializerOptions.Default.WithPreserveObjectReferences(true).WithVersionTolerance(true));

    private sealed class OnlyDogs : ITypeFilter
    {
        public bool IsAllowed(string typeName) => typeName.StartsWith(typeof(Dog).FullName + ",");
    }

    private static readonly Serializer Filtered = new(SerializerOptions.Default
        .WithPreserveObjectReferences(true).WithVersionTolerance(true).WithTypeFilter(new OnlyDogs()));

    [Fact]
    public void A_type_inside_the_filter_passes() =>
        Assert.Equal(new Dog("Rex", 4), RoundTripTests.Copy(Filtered, new Dog("Rex", 4)));

    [BundledFact]
    public void A_type_outside_the_filter_is_named_and_not_serialised()
    {
        var refused = Assert.ThrowsAny<SecurityException>(() => RoundTripTests.Bytes(Filtered, new Animal("cat")));
        Assert.Contains(typeof(Animal).FullName!, refused.Message);
    }

    [BundledFact]
    public void A_type_outside_the_filter_is_named_and_not_deserialised()
    {
        var bytes = RoundTripTests.Bytes(Open, new Animal("cat"));
        var refused = Assert.ThrowsAny<SecurityException>(() => Read(Filtered, bytes));
        Assert.Contains(typeof(Animal).FullName!, refused.Message);
    }

    [BundledFact]
    public void The_builder_makes_an_allow_list()
    {
        var filter = TypeFilterBuilder.Create().Include<Dog>().Include(typeof(List<Dog>)).Build();
        var serializer = new Serializer(SerializerOptions.Default.WithTypeFilter(filter));
        Assert.Equal([new Dog("Rex", 4)], RoundTripTests.Copy(serializer, new List<Dog> { new("Rex", 4) }));
        Assert.ThrowsAny<SecurityException>(() => RoundTripTests.Bytes(serializer, new Point()));
    }

    [Fact]
    public void A_dangerous_type_is_refused_without_a_filter() => Assert.ThrowsAny<SecurityException>(
        () => RoundTripTests.Bytes(Open, new FileInfo("/etc/passwd")));

    [BundledFact]
    public void A_delegate_is_refused() => Assert.Throws<UnsupportedTypeException>(
        () => RoundTripTests.Bytes(Open, new Kennel(new Animal("a"), [], []) is var k ? () => k.First : null!));

    [BundledFact]
    public void Truncated_bytes_give_a_serialization_exception_wherever_they_end()
    {
        var rex = new Dog("Rex", 4);
        var bytes = RoundTripTests.Bytes(Open, new Kennel(rex, [rex, new Animal("a")], new() { ["k"] = rex }));
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<SerializationException>(() => Read(Open, bytes[..length]));
    }

    [BundledFact]
    public void Garbage_gives_an_object_or_a_refusal_and_allocates_in_proportion()
    {
        var random = new Random(1);
        var rex = new Dog("Rex", 4);
        var samples = new object[]
        {
            new Kennel(rex, [rex, new Animal("a")], new() { ["k"] = rex }), new List<object> { 1, "two", rex },
            ImmutableDictionary<string, int>.Empty.Add("k", 1), new int[10], new OwnException("m", 1, null),
        }.Select(o => RoundTripTests.Bytes(Open, o)).ToArray();
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])samples[i % samples.Length].Clone();
            for (var n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(Open, bytes);
            }
            catch (Exception e) when (e is SerializationException or SecurityException)
            {
                refused++;
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        }
        Assert.True(refused > 10_000);
    }

    [BundledFact]
    public void A_nesting_too_deep_for_the_stack_gives_a_serialization_exception()
    {
        var chain = new Node();
        for (var i = 0; i < 200_000; i++) chain = new Node { Next = chain };
        Assert.Throws<SerializationException>(() => RoundTripTests.Bytes(Open, chain));
    }

    [BundledFact]
    public void A_cycle_without_preserved_references_gives_a_serialization_exception()
    {
        var node = new Node();
        node.Next = node;
        Assert.Throws<SerializationException>(
            () => RoundTripTests.Bytes(new Serializer(SerializerOptions.Default.WithVersionTolerance(false)), node));
    }

    private static object Read(Serializer serializer, byte[] bytes) => serializer.Deserialize(new MemoryStream(bytes));
}
