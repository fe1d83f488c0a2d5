#!/usr/bin/env bats
# payload init: a payload that the media given and a receiver take.

load common

setup() {
    enter_folder
    cp "$TESTDATA"/media/* .
}

init() {
    "$OZCAPSULA" payload init "$@"
}

@test "it gives each medium a tag by its kind, and asks for quality" {
    run -0 --separate-stderr init clip.mp4 photo.png photo.jpg shots.zip
    [[ -z $stderr ]]
    json_holds 'd == {"media:tags": {"clip.mp4": ["video_selfie"], "photo.png": ["photo_selfie"], "photo.jpg": ["photo_selfie"],
        "shots.zip": ["video_selfie"]}, "analyses": [{"type": "quality"}]}' <<<"$output"
}

@test "every kind of media of testdata is recognised, whatever its name says" {
    for file in clip.* shots.zip; do
        run -0 --separate-stderr init "$file"
        json_holds "d['media:tags'] == {'$file': ['video_selfie']}" <<<"$output"
        [[ -z $stderr ]]
    done
    run -0 --separate-stderr init clip.mp4=photo.png
    json_holds 'd["media:tags"] == {"clip.mp4": ["photo_selfie"]}' <<<"$output"
    says "warning content.media_"
    echo "no media" >text.mp4
    run -0 --separate-stderr init text.mp4
    json_holds 'd["media:tags"] == {"text.mp4": []}' <<<"$output"
    says "warning content.untagged"
}

@test "--tag and --analysis say what the payload says" {
    run -0 --separate-stderr init --tag video_selfie_blank,orientation_portrait --tag b=photo_id_front --analysis quality:clip.mp4 \
        --analysis documents:b,clip.mp4 --analysis=Biometry clip.mp4 b=photo.png
    [[ -z $stderr ]]
    json_holds 'd["media:tags"] == {"clip.mp4": ["video_selfie_blank", "orientation_portrait"],
        "b": ["video_selfie_blank", "orientation_portrait", "photo_id_front"]}' <<<"$output"
    json_holds 'd["analyses"] == [{"type": "quality", "source_media": ["clip.mp4"]},
        {"type": "documents", "source_media": ["b", "clip.mp4"]}, {"type": "Biometry"}]' <<<"$output"
    run -0 init --tag clip.mp4=video_selfie_left clip.mp4 photo.png
    json_holds 'd["media:tags"] == {"clip.mp4": ["video_selfie_left"], "photo.png": ["photo_selfie"]}' <<<"$output"
}

@test "what it prints, pack and check take" {
    "$OZCAPSULA" token issue --sign-with "$TEST_KEYS/TEST-issuer-p384.key" --at "$NOW" >token
    init --tag video_selfie --analysis quality --analysis biometry:clip.mp4,x clip.mp4 x=clip.mov |
        "$OZCAPSULA" pack --payload - --token token --sign-with "$TEST_KEYS/TEST-signer-p384.key" -o c.ozc clip.mp4 x=clip.mov
    run -0 check --warnings-as-errors c.ozc
}

@test "a medium that an option names and that is not there is wrong usage" {
    run -2 --separate-stderr init --tag other.mp4=video_selfie clip.mp4
    silent; says '--tag other.mp4=video_selfie: no medium has the key "other.mp4"'
    run -2 --separate-stderr init --tag CLIP.mp4=video_selfie clip.mp4
    silent; says '"CLIP.mp4"'
    run -2 --separate-stderr init --analysis quality:clip.mp4,x clip.mp4
    silent; says '"x"'
    run -2 --separate-stderr init --analysis quality: clip.mp4
    silent; says '""'
    run -2 --separate-stderr init
    silent; says "MEDIA is missing"
}

@test "nothing comes out that a receiver would reject: exit 1, and the findings" {
    run -1 --separate-stderr init --analysis palmistry clip.mp4
    silent; says "error content.value: payload.json: /analyses/0/type is palmistry"
    run -1 --separate-stderr init --tag $'\xff' clip.mp4
    silent; says "error content.json"
    : >empty.mp4
    run -1 --separate-stderr init empty.mp4
    silent; says "error media.empty: media/empty.mp4"
    [[ -z $(find . -newer empty.mp4) ]]
}

@test "a tag may be any text, and is told when it is not known" {
    run -0 --separate-stderr init --tag $'"\\\n\t\x01\e[31m\xc3\xa4' clip.mp4
    says "warning content.tag"
    plain_only <<<"$stderr"
    json_holds 'd["media:tags"]["clip.mp4"] == ["\"\\\n\t\x01\x1b[31m\u00e4"]' <<<"$output"
    run -0 --separate-stderr init --tag video_selfie_oneshot clip.mp4
    says "withdrawn on 2027-01-01"
}

@test "keys are told when they clash or are not allowed, with a way out" {
    mkdir folder && cp photo.png folder/clip.mp4 && cp photo.png "my photo.png"
    run -2 --separate-stderr init clip.mp4 folder/clip.mp4
    silent; says "clip-2.mp4=folder/clip.mp4"
    run -2 --separate-stderr init "my photo.png"
    silent; says "my_photo.png=my photo.png"
    run -0 init clip.mp4 clip-2.mp4=folder/clip.mp4 my_photo.png="my photo.png"
}

@test "-o writes it whole, and replaces no file" {
    run -0 --separate-stderr init -o payload.json clip.mp4
    silent
    init clip.mp4 | cmp - payload.json
    run -2 --separate-stderr init -o payload.json photo.png
    silent; says "-o payload.json: there is such a file already"
    run -2 --separate-stderr init -o clip.mp4 clip.mp4
    says "-o clip.mp4"
    cmp clip.mp4 "$TESTDATA/media/clip.mp4"
    init clip.mp4 | cmp - payload.json
    run -0 --separate-stderr init -o - clip.mp4
    [[ $output == "$(cat payload.json)" ]]
    ln -s nowhere dangling
    run -2 --separate-stderr init -o dangling clip.mp4
    [[ -L dangling && ! -e dangling ]]
    run -3 --separate-stderr init -o no/such/folder/payload.json clip.mp4
    silent; says "no/such/folder"
    run -3 --separate-stderr init -o /dev/full clip.mp4
    says "No space left on device"
    run -3 --separate-stderr bash -c "$(printf '%q' "$OZCAPSULA") payload init clip.mp4 >/dev/full"
    says "No space left on device"
}

@test "files that are not there, or no files, give 3" {
    run -3 --separate-stderr init missing.mp4
    silent; says "missing.mp4: no such file"
    run -3 --separate-stderr init x=.
    silent; says ".: is a folder"
    mkfifo pipe
    run -3 --separate-stderr timeout 10 "$OZCAPSULA" payload init pipe
    silent; says "pipe: is no regular file"
}
