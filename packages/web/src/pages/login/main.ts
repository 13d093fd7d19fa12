import { mount } from 'svelte';
import '../../app.css';
import LoginPage from './LoginPage.svelte';
import { wordsOf } from './words.js';

// As the reader has chosen on the other pages.
const look = localStorage.getItem('weir-theme');
if (look === 'light' || look === 'dark') document.documentElement.dataset.theme = look;

const { language, words } = wordsOf(navigator.languages);
document.documentElement.lang = language;
document.title = words.title;
mount(LoginPage, { target: document.getElementById('app')!, props: { words } });
